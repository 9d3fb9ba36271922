"""Reading a message: text and conversation become weighted hypotheses of what is asked."""
