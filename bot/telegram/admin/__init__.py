"""What admins work with: settings that are read again, broadcasts, attachments, cleanup."""
