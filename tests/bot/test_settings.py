from __future__ import annotations

import re
from contextlib import chdir
from pathlib import Path

import pytest
from sqlalchemy import make_url

from answering.values.answer import Language
from bot.config.setting_values import environment
from bot.config.settings import Settings, unknown
from bot.errors import SettingsError
from retrieval.database import postgres as servers

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "123456:" + "Ab-_" * 9
FULL = {
    "CHENGWEN_HOME": "~/somewhere",
    "CHENGWEN_SHIPPED": "0",
    "CHENGWEN_LANGUAGE": "zh-hant",
    "LOG_LEVEL": "DEBUG",
    "CHENGWEN_TRACES": "1",
    "CHENGWEN_METRICS_PORT": "9464",
    "CHENGWEN_HEALTH": "1",
    "DATABASE_URL": "postgresql://me:pass%20word@127.0.0.1:5433/chengwen",
    "DATABASE_TIMEOUT": "7",
    "CHENGWEN_CATALOGUE": "database",
    "EMBEDDINGS": "openai",
    "EMBEDDINGS_MODEL": "some-model",
    "EMBEDDINGS_BASE_URL": "http://127.0.0.1:8000/v1/",
    "EMBEDDINGS_API_KEY": "key-that-nobody-sees",
    "EMBEDDINGS_BATCH": "10",
    "CHROMA_URL": "http://127.0.0.1:8100/",
    "CHROMA_TENANT": "city",
    "CHROMA_DATABASE": "speeches",
    "CHROMA_TOKEN": "vector-token-that-nobody-sees",
    "CHAT_MODEL": "some-chat-model",
    "OPENAI_API_KEY": "chat-key-that-nobody-sees",
    "OPENAI_BASE_URL": "http://127.0.0.1:8000/v1/",
    "CHAT_PROVIDER": "openai",
    "CHAT_TEMPERATURE": "0.2",
    "CHAT_MAX_TOKENS": "600",
    "CHAT_EVIDENCE_TOKENS": "3000",
    "CHAT_FIRST_TIMEOUT": "20",
    "CHAT_TIMEOUT": "90",
    "CHAT_RETRIES": "0",
    "CHAT_STREAM_USAGE": "0",
    "CHAT_LIMIT_NAME": "max_completion_tokens",
    "CHAT_OUTPUT": "json_schema",
    "CHAT_EXTRA_BODY": '{"enable_thinking": false}',
    "CHAT_QUESTION_TOKENS": "20000",
    "CHAT_DAY_TOKENS": "900000",
    "CHAT_LANGSMITH": "1",
    "VERIFIER_URL": "http://127.0.0.1:8001/predict",
    "VERIFIER_MODEL": "second-model",
    "VERIFIER_API_KEY": "second-key-that-nobody-sees",
    "TRANSCRIPTION_MODEL": "whisper-1",
    "TRANSCRIPTION_BASE_URL": "http://127.0.0.1:8002/v1",
    "TRANSCRIPTION_API_KEY": "speech-key-that-nobody-sees",
    "TRANSCRIPTION_SECONDS": "300",
    "TRANSCRIPTION_TIMEOUT": "30",
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "TELEGRAM_BASE_URL": "http://127.0.0.1:9100",
    "TELEGRAM_PROXY": "socks5://user:pass-word@127.0.0.1:1080",
    "TELEGRAM_WEBHOOK_URL": "https://example.org/hook",
    "TELEGRAM_WEBHOOK_LISTEN": "0.0.0.0",
    "TELEGRAM_WEBHOOK_PORT": "8443",
    "TELEGRAM_WEBHOOK_SECRET": "hook-secret",
    "TELEGRAM_ADMINS": "1000001, 1000002",
    "TELEGRAM_ALLOWED": "1000003，-1001234567890",
    "TELEGRAM_MODE": "closed",
    "TELEGRAM_PERSON_MINUTE": "6",
    "TELEGRAM_PERSON_DAY": "0",
    "TELEGRAM_PERSON_TOKENS": "20000",
    "TELEGRAM_CHAT_MINUTE": "30",
    "TELEGRAM_CHAT_DAY": "500",
    "TELEGRAM_CHAT_TOKENS": "200000",
    "TELEGRAM_ANSWERS": "4",
    "TELEGRAM_RATE": "20",
    "TELEGRAM_KEEP_DAYS": "90",
    "TELEGRAM_FILE_MEGABYTES": "5",
    "READER_URL": "https://example.org/read/",
    "READER_ACCESS": "private",
    "API_KEYS": "first-key-of-a-program, second-key-of-another",
    "API_RATE": "30",
    "API_TIMEOUT": "20",
}
BAD = [
    ("TELEGRAM_ADMINS", "@somebody"),
    ("TELEGRAM_ALLOWED", "1000001;1000002"),
    ("TELEGRAM_MODE", "ajar"),
    ("TELEGRAM_PERSON_MINUTE", "-1"),
    ("TELEGRAM_ANSWERS", "0"),
    ("TELEGRAM_RATE", "0"),
    ("TELEGRAM_FILE_MEGABYTES", "65"),
    ("DATABASE_TIMEOUT", "0"),
    ("CHENGWEN_SHIPPED", "maybe"),
    ("CHROMA_URL", "127.0.0.1:8000"),
    ("CHROMA_URL", "http://me:word@127.0.0.1:8000"),
    ("CHROMA_URL", "http://127.0.0.1:8000/?a=b"),
    ("CHROMA_DATABASE", "a/b"),
    ("CHENGWEN_LANGUAGE", "fr"),
    ("LOG_LEVEL", "loud"),
    ("CHENGWEN_TRACES", "perhaps"),
    ("CHENGWEN_METRICS_PORT", "65536"),
    ("EMBEDDINGS", "best"),
    ("EMBEDDINGS_BASE_URL", "127.0.0.1:8000"),
    ("EMBEDDINGS_BASE_URL", "http://[::1"),
    ("EMBEDDINGS_BATCH", "0"),
    ("EMBEDDINGS_BATCH", "12.5"),
    ("EMBEDDINGS_BATCH", "１２"),
    ("OPENAI_BASE_URL", "api.deepseek.com"),
    ("CHAT_PROVIDER", "Open AI"),
    ("CHAT_TEMPERATURE", "2.5"),
    ("CHAT_TEMPERATURE", "warm"),
    ("CHAT_MAX_TOKENS", "8"),
    ("CHAT_TIMEOUT", "0"),
    ("CHAT_RETRIES", "99"),
    ("CHAT_EXTRA_BODY", "enable_thinking=false"),
    ("CHAT_EXTRA_BODY", "[1]"),
    ("CHAT_EXTRA_BODY", '{"messages": []}'),
    ("CHAT_DAY_TOKENS", "-1"),
    ("TELEGRAM_BASE_URL", "ftp://example.org"),
    ("TELEGRAM_WEBHOOK_URL", "example.org"),
    ("TELEGRAM_WEBHOOK_PORT", "70000"),
    ("READER_URL", "example.org"),
    ("READER_ACCESS", "secret"),
    ("API_RATE", "0"),
    ("API_TIMEOUT", "soon"),
]


def test_every_variable_is_read_into_the_field_of_its_name() -> None:
    settings = Settings.load(FULL)
    assert settings.home == Path.home() / "somewhere"
    assert (settings.shipped, settings.language, settings.log_level) == (False, Language.HANT, "debug")
    assert settings.embedder == "openai:some-model"
    assert settings.embeddings_base_url == "http://127.0.0.1:8000/v1"
    assert (settings.embeddings_batch, settings.telegram_webhook_port) == (10, 8443)
    assert settings.telegram_bot_token == TOKEN
    assert settings.telegram_proxy == FULL["TELEGRAM_PROXY"]
    assert (settings.chat_temperature, settings.chat_extra_body) == (0.2, {"enable_thinking": False})
    assert (settings.transcription_seconds, settings.transcription_timeout) == (300, 30)
    assert set(Settings.variables()) == set(FULL)


def test_nothing_set_and_empty_values_give_the_defaults() -> None:
    assert Settings.load({}) == Settings.load(dict.fromkeys(FULL, " ")) == Settings()
    assert Settings().embedder == "embedded"
    assert Settings().home.is_absolute()


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_told_with_its_name_and_what_is_allowed(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load({name: value})
    told = str(caught.value)
    assert name in told
    assert value in told
    assert "应当是" in told
    assert told.endswith("。")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "not a token 4711"),
        ("TELEGRAM_PROXY", "user:4711@host"),
        ("DATABASE_URL", "mysql://user:4711@host/name"),
        ("DATABASE_URL", "postgresql://user:4711@host"),
        ("DATABASE_URL", "postgresql://user:4711@host:99999/name"),
        ("TELEGRAM_WEBHOOK_SECRET", "空格 4711"),
        ("API_KEYS", "short4711"),
    ],
)
def test_a_bad_secret_is_told_without_its_value(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as caught:
        Settings.load({name: value})
    assert "4711" not in str(caught.value)


def test_secrets_stay_out_of_the_repr_and_are_known_as_secrets() -> None:
    settings = Settings.load(FULL)
    keys = (
        *("EMBEDDINGS_API_KEY", "CHROMA_TOKEN", "OPENAI_API_KEY", "VERIFIER_API_KEY"),
        "TRANSCRIPTION_API_KEY",
    )
    names = ("DATABASE_URL", "TELEGRAM_PROXY", "TELEGRAM_WEBHOOK_SECRET", *keys)
    passwords = {"pass%20word", "pass word", "pass-word"}  # a message may hold one without its address
    secrets = {TOKEN, *(FULL[name] for name in names), *passwords, *FULL["API_KEYS"].split(", ")}
    assert set(settings.secrets) == secrets
    assert not [secret for secret in secrets if secret in repr(settings)]


@pytest.mark.parametrize("lacking", ["EMBEDDINGS_MODEL", "CHROMA_URL", "TELEGRAM_WEBHOOK_SECRET"])
def test_settings_that_need_each_other_are_refused_alone(lacking: str) -> None:
    with pytest.raises(SettingsError, match=lacking):
        Settings.load(FULL | {lacking: ""})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"CHAT_MODEL": "gpt-4.1-mini"}, "OPENAI_API_KEY"),
        ({"CHAT_QUESTION_TOKENS": "1000"}, "CHAT_QUESTION_TOKENS"),
        ({"CHAT_DAY_TOKENS": "1000"}, "CHAT_DAY_TOKENS"),
        ({"CHAT_DAY_TOKENS": "9000", "CHAT_EVIDENCE_TOKENS": "9000"}, "CHAT_EVIDENCE_TOKENS"),
    ],
)
def test_settings_of_the_model_that_can_not_work_together_are_refused(
    given: dict[str, str], told: str
) -> None:
    with pytest.raises(SettingsError, match=told):
        Settings.load(given)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"READER_URL": "http://example.org"}, "https"),
        ({"READER_URL": "https://example.org/read?x=1"}, "路径"),
        ({"READER_URL": "https://example.org", "READER_ACCESS": "private"}, "TELEGRAM_ADMINS"),
    ],
)
def test_a_reader_that_nobody_could_use_is_refused(given: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        Settings.load(given)
    assert Settings.load({"READER_URL": "http://127.0.0.1:8080", "READER_ACCESS": "public"}).reader_url


@pytest.mark.parametrize(
    "given",
    [
        {"OPENAI_API_KEY": "sk-of-something-else"},
        {"CHAT_MODEL": "m", "OPENAI_API_KEY": "sk"},
        {"CHAT_MODEL": "m", "OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"},
        {"CHAT_MODEL": "claude", "CHAT_PROVIDER": "anthropic"},
    ],
)
def test_a_model_is_used_where_one_is_named(given: dict[str, str]) -> None:
    assert Settings.load(given).chat_model == given.get("CHAT_MODEL")


def test_the_example_file_tells_every_variable_once_in_both_languages_and_sets_none() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    blocks = re.findall(r"((?:# .*\n)+)([A-Z_]+)=(.*)\n", example)
    assert [name for _, name, _ in blocks] == list(Settings.variables())
    assert not [name for _, name, value in blocks if value]
    for told, name, _ in blocks:
        chinese, english = told.splitlines()[-2:]
        assert re.search(r"[一-鿿].*。$", chinese), name
        assert re.fullmatch(r"# [A-Z][ -~]*\.", english), name


def test_a_token_that_no_header_can_hold_is_refused_without_telling_it() -> None:
    with pytest.raises(SettingsError, match="CHROMA_TOKEN") as told:
        Settings.load(FULL | {"CHROMA_TOKEN": "two words"})
    assert "two words" not in str(told.value)


def test_misspelt_variables_are_noticed_and_those_of_others_are_not() -> None:
    env = {
        "CHENGWEN_HOEM": "x",
        "TELEGRAM_BOT_TOKN": "x",
        "CHENGWEN_ENV": "x",
        "HOME": "x",
        "TELEGRAM_API_ID": "x",
        "CHAT_MODLE": "x",
        "CHROMA_TOKN": "x",
        "CHROMA_SERVER_HOST": "x",
        "OPENAI_API_BASE": "x",
        "OPENAI_ORG_ID": "x",
    }
    assert unknown(env) == (
        "CHAT_MODLE",
        "CHENGWEN_HOEM",
        "CHROMA_TOKN",
        "OPENAI_API_BASE",
        "TELEGRAM_BOT_TOKN",
    )


def test_the_environment_goes_before_the_file_that_is_named(tmp_path: Path) -> None:
    file = tmp_path / "my.env"
    file.write_text(
        "\ufeffEMBEDDINGS=none\nLOG_LEVEL=debug\nTELEGRAM_WEBHOOK_SECRET=a$b${HOME}\n", encoding="utf-8"
    )
    env = environment({"CHENGWEN_ENV": str(file), "LOG_LEVEL": "error"})
    assert (env["EMBEDDINGS"], env["LOG_LEVEL"]) == ("none", "error")
    assert env["TELEGRAM_WEBHOOK_SECRET"] == "a$b${HOME}"


def test_a_file_of_the_current_folder_is_read(tmp_path: Path) -> None:
    with chdir(tmp_path):
        assert environment({"A": "1"}) == {"A": "1"}
        (tmp_path / ".env").write_text("EMBEDDINGS=none", encoding="utf-8")
        assert environment({"A": "1"}) == {"A": "1", "EMBEDDINGS": "none"}


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"missing\.env"):
        environment({"CHENGWEN_ENV": str(tmp_path / "missing.env")})
    broken = tmp_path / "broken.env"
    broken.write_bytes(b"A=\xff\xfe\xfa")
    with pytest.raises(SettingsError, match="UTF-8"):
        environment({"CHENGWEN_ENV": str(broken)})


def test_the_patience_with_a_database_goes_with_its_address() -> None:
    """Both the store and the catalogue are opened by it; what the driver is given knows nothing of it."""
    given = {"DATABASE_URL": "postgresql://u@h/d?sslmode=require", "CHENGWEN_CATALOGUE": "database"}
    settings = Settings.load({**given, "DATABASE_TIMEOUT": "7"})
    assert settings.store == settings.catalogue_url
    address, patience = servers.parted(make_url(str(settings.store)))
    assert (patience, dict(address.query)) == (7, {"sslmode": "require"})
