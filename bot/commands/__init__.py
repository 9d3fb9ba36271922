"""The commands of ``chengwen``, one file each."""
