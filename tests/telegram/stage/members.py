"""Who is what in a group, as getChatMember tells it, and the updates on the bot's own place in a chat."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from stage.messages import BOT

RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


@dataclass
class Members:
    """The people of all groups; who is not noted is a plain member."""

    standing: dict[tuple[int, int], str] = field(default_factory=dict)

    def promote(self, chat: int, person: int, status: str = "administrator") -> None:
        self.standing[chat, person] = status

    def told(self, given: dict[str, str]) -> dict[str, Any]:
        chat, person = int(given["chat_id"]), int(given["user_id"])
        user = {"id": person, "is_bot": False, "first_name": "某人"}
        return member(self.standing.get((chat, person), "member"), user)


def member(status: str, user: dict[str, Any]) -> dict[str, Any]:
    """Return a ChatMember of this status."""
    told: dict[str, Any] = {"status": status, "user": user}
    if status == "administrator":
        told |= dict.fromkeys(RIGHTS, False)
    elif status == "creator":
        told["is_anonymous"] = False
    elif status == "kicked":
        told["until_date"] = 0
    return told


def moved_in(
    chat: dict[str, Any], by: dict[str, Any], *, before: str = "left", after: str = "member"
) -> dict[str, Any]:
    """Return the update that tells the bot of its own change in a chat."""
    return {
        "my_chat_member": {
            "chat": chat,
            "from": by,
            "date": int(time.time()),
            "old_chat_member": member(before, BOT),
            "new_chat_member": member(after, BOT),
        }
    }
