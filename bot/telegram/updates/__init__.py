"""Updates on their way in: polled or by webhook, kept first, worked on in order, leased and finished."""
