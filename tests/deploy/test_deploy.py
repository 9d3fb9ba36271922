"""What stands in ``deploy/`` fits the program: its settings, ports and rights, and the tools that read it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import certificates
import pytest
import yaml

from bot.config.setting_values import FILE
from bot.config.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
COMPOSE = DEPLOY / "compose.yaml"
OURS = re.compile(r"\b(?:CHENGWEN|TELEGRAM|READER|DATABASE|EMBEDDINGS|CHAT|CHROMA|OPENAI|API|LOG)_[A-Z_]+\b")
SECRET = re.compile(r"\b\d{6,}:[\w-]{30,}|sk-\w{8,}|BEGIN [A-Z ]*PRIVATE KEY")


def _needs(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def _read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def _services() -> dict[str, dict[str, object]]:
    return dict(yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"])


def _manifests() -> dict[str, dict[str, object]]:
    return {one["kind"]: one for one in yaml.safe_load_all(_read("kubernetes/chengwen.yaml"))}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(DEPLOY).as_posix())
def test_each_setting_named_is_one_of_the_program(path):
    secret = {name + FILE for name in Settings.confidential()}
    known = {*Settings.variables(), *secret}
    assert set(OURS.findall(path.read_text(encoding="utf-8"))) <= known


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(DEPLOY).as_posix())
def test_no_secret_and_no_registry_stands_in_a_file(path):
    text = path.read_text(encoding="utf-8")
    assert SECRET.search(text) is None
    assert not re.search(r"--index-url|--extra-index|--trusted-host|pypi|PIP_INDEX", text)


def test_the_settings_of_a_replica_can_be_loaded(tmp_path):
    for told in (_services()["bot1"]["environment"], _manifests()["ConfigMap"]["data"]):
        env = {name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value) for name, value in told.items()}
        given = {"DATABASE_URL": "postgresql://u:p@h/d", "TELEGRAM_WEBHOOK_SECRET": "x"}
        for name, value in given.items():
            (tmp_path / name).write_text(value)
            env[name + FILE] = str(tmp_path / name)
        (tmp_path / "token").write_text("7:AA" + 33 * "0")
        env["TELEGRAM_BOT_TOKEN_FILE"] = str(tmp_path / "token")
        settings = Settings.load(env)
        assert str(settings.catalogue_url).startswith("postgresql://u:p@h/d")
        assert settings.chroma_url == "http://chroma:8000"
        paths = re.findall(r"location (?:= )?(/\S+) \{", _read("nginx/chengwen.conf"))
        assert f"/{settings.telegram_webhook_url.rsplit('/', 1)[1]}" in paths
        assert f"/{settings.reader_url.rsplit('/', 1)[1]}/" in paths


def test_nginx_knows_the_replicas_of_compose_and_no_other():
    named = re.findall(r"server (\w+):(\d+) ", _read("nginx/chengwen.conf"))
    bots = {name for name in _services() if name.startswith("bot")}
    assert {name for name, _ in named} == bots
    assert {port for _, port in named} == {_services()["bot1"]["environment"]["TELEGRAM_WEBHOOK_PORT"]}


def test_no_container_of_ours_may_do_more_than_it_needs():
    bots = [one for name, one in _services().items() if name.startswith(("bot", "ingest"))]
    assert len(bots) == 3
    for one in bots:
        assert one["read_only"]
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
    pod = _manifests()["StatefulSet"]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["containers"][0]["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert re.search(r"^USER 10001", _read("Dockerfile"), re.MULTILINE)
    assert pod["securityContext"]["runAsUser"] == 10001


def test_each_secret_that_compose_hands_in_is_declared_and_read():
    told = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    bot = told["services"]["bot1"]
    assert {
        path.rsplit("/", 1)[1] for name, path in bot["environment"].items() if name.endswith(FILE)
    } == set(bot["secrets"])
    assert set(bot["secrets"]) <= set(told["secrets"])


def test_chroma_is_of_the_version_that_is_tested_and_nobody_outside_reaches_it():
    image = f"chromadb/chroma:{version('chromadb')}"
    served = _services()["chroma"]
    assert served["image"] == image
    assert served["networks"] == ["inside"]
    assert "ports" not in served
    told = {one["kind"]: one for one in yaml.safe_load_all(_read("kubernetes/chroma.yaml"))}
    (container,) = told["StatefulSet"]["spec"]["template"]["spec"]["containers"]
    assert container["image"] == image
    (port,) = told["Service"]["spec"]["ports"]
    assert _manifests()["ConfigMap"]["data"]["CHROMA_URL"] == f"http://chroma:{port['port']}"
    labels = told["StatefulSet"]["spec"]["template"]["metadata"]["labels"]
    policy = told["NetworkPolicy"]["spec"]
    assert policy["podSelector"]["matchLabels"] == told["Service"]["spec"]["selector"] == labels
    (rule,) = policy["ingress"]
    bots = _manifests()["StatefulSet"]["spec"]["template"]["metadata"]["labels"]
    assert rule["from"] == [{"podSelector": {"matchLabels": bots}}]
    assert "--host 127.0.0.1 --port 8000" in _read("systemd/chroma.service")
    assert "CHROMA_URL=http://127.0.0.1:8000" in _read("systemd/chengwen@.service")


def test_the_image_is_made_of_locked_packages_and_of_what_the_program_is_packed_from():
    text, ignored = _read("Dockerfile"), _read("Dockerfile.dockerignore").splitlines()
    assert "--require-hashes -r requirements.lock" in text
    assert "--no-index" in text
    assert "--mount=type=secret,id=pip," in text  # a mirror's address and keys are in no layer
    for name in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for one in name.split():
            assert (ROOT / one).exists()
            assert f"!{one}" in ignored


def test_the_pieces_of_the_sketch_belong_together():
    found = _manifests()
    pods = found["StatefulSet"]["spec"]["template"]
    labels = pods["metadata"]["labels"]
    assert found["StatefulSet"]["spec"]["selector"]["matchLabels"] == labels
    assert found["Service"]["spec"]["selector"] == labels
    assert found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    (container,) = pods["spec"]["containers"]
    mounted = {one["name"] for one in container["volumeMounts"]}
    claims = {one["metadata"]["name"] for one in found["StatefulSet"]["spec"]["volumeClaimTemplates"]}
    assert mounted == {one["name"] for one in pods["spec"]["volumes"]} | claims
    (rule,) = found["Ingress"]["spec"]["rules"]
    for path in rule["http"]["paths"]:
        assert path["backend"]["service"]["name"] == found["Service"]["metadata"]["name"]


def test_compose_reads_its_file(tmp_path):
    command = _compose()
    folder = tmp_path / "deploy"
    shutil.copytree(DEPLOY, folder)
    shutil.copy(folder / "chengwen.env.example", folder / "chengwen.env")
    read = subprocess.run(
        [*command, "-f", str(folder / "compose.yaml"), "config"], capture_output=True, text=True, check=False
    )
    assert read.returncode == 0, read.stderr
    assert set(yaml.safe_load(read.stdout)["services"]) >= {"bot1", "bot2", "nginx", "postgres"}


def _compose() -> list[str]:
    docker = shutil.which("docker")
    if (
        docker
        and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0
    ):
        return [docker, "compose"]
    return [_needs("docker-compose")]


def test_nginx_reads_its_file(tmp_path):
    program = _needs("nginx")
    certificates.self_signed(tmp_path)
    for name in ("chengwen.conf", "main.conf"):
        text = _read(f"nginx/{name}").replace("/tmp/", f"{tmp_path}/")
        text = text.replace("/etc/nginx/conf.d", str(tmp_path)).replace("bot1", "127.0.0.1")
        text = re.sub(r"/etc/nginx/tls/\w+\.pem", str(tmp_path / certificates.NAME), text)
        (tmp_path / name).write_text(text.replace("bot2", "127.0.0.2"), encoding="utf-8")
    command = [program, "-t", "-p", str(tmp_path), "-c", str(tmp_path / "main.conf")]
    read = subprocess.run(command, capture_output=True, text=True, check=False)
    assert read.returncode == 0, read.stderr


def test_systemd_reads_its_units(tmp_path):
    program = _needs("systemd-analyze")
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"/opt/chengwen/\.venv/bin/\w+", "/bin/true", text)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    units = [str(tmp_path / name) for name in ("chengwen@1.service", "chroma.service", "chengwen.target")]
    shutil.copy(tmp_path / "chengwen@.service", units[0])
    read = subprocess.run([program, "verify", *units], capture_output=True, text=True, check=False)
    assert read.returncode == 0, read.stderr
    ours = [line for line in read.stderr.splitlines() if "chengwen" in line]
    assert not ours
