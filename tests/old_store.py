"""The store of the first program, as SQL."""

from __future__ import annotations

# What the first program made by itself; its very first version had no usage.
OLD = """
CREATE TABLE inbox (bot BIGINT NOT NULL, update_id BIGINT NOT NULL, payload TEXT NOT NULL,
  attempts INTEGER NOT NULL, received FLOAT NOT NULL, finished FLOAT, PRIMARY KEY (bot, update_id));
CREATE INDEX inbox_waiting ON inbox (bot, finished);
CREATE TABLE parts (bot BIGINT NOT NULL, update_id BIGINT NOT NULL, part INTEGER NOT NULL,
  state VARCHAR(8) NOT NULL, message_id BIGINT, changed FLOAT NOT NULL, PRIMARY KEY (bot, update_id, part));
CREATE TABLE conversations (id INTEGER NOT NULL, bot BIGINT NOT NULL, chat BIGINT NOT NULL,
  thread BIGINT NOT NULL, person BIGINT NOT NULL, opened FLOAT NOT NULL, PRIMARY KEY (id));
CREATE INDEX conversations_talk ON conversations (bot, chat, thread, person);
CREATE TABLE answers (id VARCHAR(16) NOT NULL, conversation BIGINT NOT NULL, bot BIGINT NOT NULL,
  update_id BIGINT NOT NULL, record TEXT NOT NULL, said TEXT NOT NULL, made FLOAT NOT NULL,
  PRIMARY KEY (id), UNIQUE (bot, update_id));
CREATE INDEX ix_answers_conversation ON answers (conversation);
INSERT INTO inbox VALUES (7, 1, '{"a": 1}', 2, 1.5, NULL), (7, 2, '', 1, 1.5, 2.5);
INSERT INTO parts VALUES (7, 2, 0, 'sent', 5, 2.5);
INSERT INTO conversations VALUES (3, 7, 1, 0, 2, 1.5);
INSERT INTO answers VALUES ('bcdfg', 3, 7, 2,
  '{"question": "问", "outcome": "answered", "language": "en", "statements": [{"text": "x"}]}', '说', 2.5);
"""
USAGE = """
CREATE TABLE usage (id INTEGER NOT NULL, day VARCHAR(10) NOT NULL, at FLOAT NOT NULL, model TEXT NOT NULL,
  prompt INTEGER NOT NULL, completion INTEGER NOT NULL, counted VARCHAR(16) NOT NULL, PRIMARY KEY (id));
CREATE INDEX ix_usage_day ON usage (day);
INSERT INTO usage VALUES (1, '2026-11-25', 1.5, 'm', 60, 40, 'reported');
"""
