"""Scenes of a bare topic: asked back in one message, whose buttons are whole questions."""

from __future__ import annotations

from stage.proxy import shown

from answering.values.answer import Answer, Outcome


async def test_the_places_are_buttons_and_a_tap_asks_the_whole_question(stage):
    room = stage.room()
    quoting = stage.answerer.script

    def script(question):
        if question != "停车":
            return quoting(question)
        details = {"asked": "停车", "places": "清河市和临江市"}
        places = ("清河市", "临江市")
        return Answer(
            question=question, outcome=Outcome.ASKED_BACK, reason="which_of", details=details, places=places
        )

    stage.answerer.script = script
    async with stage.running():
        await room.says("停车")
        asked = await room.hears()
        await room.taps("临江市在“停车”方面做了什么？", on=asked)
        await room.hears()
    assert "“停车”，你想问哪里？清河市和临江市的材料都写到了" in asked["text"]
    assert shown(asked) == [["清河市在“停车”方面做了什么？"], ["临江市在“停车”方面做了什么？"]]
    assert stage.answerer.asked == ["停车", "临江市在“停车”方面做了什么？"]
