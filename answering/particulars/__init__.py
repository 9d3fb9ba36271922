"""Questions on what an official document tells of itself: number, days, bodies, attendance, who leads, who answers."""
