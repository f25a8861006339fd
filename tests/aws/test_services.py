"""KMS, S3, Secrets Manager, SSM and the envelope."""

from __future__ import annotations

import json
import os
import uuid

import pytest
from tests.aws.conftest import REGION, new_session
from tests.aws.faulty import Faulty, refuse

from gateway.aws import faults
from gateway.aws.envelope import data_key_blob, seal, unseal
from gateway.aws.kms import DataKey, Kms
from gateway.aws.s3 import S3
from gateway.aws.secrets import Reference, Secrets, parse_reference
from gateway.aws.session import AwsSession, Call
from gateway.neutral.config import Sealed

CONTEXT = {"purpose": "upstream-key", "key_id": "key_1"}


@pytest.mark.stack
async def test_the_whole_envelope_through_kms(session: AwsSession, boto) -> None:
    key_id = boto("kms").create_key()["KeyMetadata"]["KeyId"]
    kms = Kms(session)
    made = await kms.generate_data_key(key_id, context=CONTEXT)
    sealed = seal(
        b"sk-upstream", data_key=made.plaintext, data_key_blob=made.blob, context=CONTEXT, nonce=os.urandom(12)
    )
    opened = await kms.decrypt(data_key_blob(sealed), context=CONTEXT)
    assert opened == made.plaintext
    assert unseal(sealed, data_key=opened, context=CONTEXT) == b"sk-upstream"
    assert boto("kms").decrypt(CiphertextBlob=made.blob, EncryptionContext=CONTEXT)["Plaintext"] == made.plaintext
    assert session.calls == {"kms.GenerateDataKey": 1, "kms.Decrypt": 1}


@pytest.mark.stack
async def test_kms_refuses_another_context(session: AwsSession, boto) -> None:
    key_id = boto("kms").create_key()["KeyMetadata"]["KeyId"]
    made = await Kms(session).generate_data_key(key_id, context=CONTEXT)
    with pytest.raises(faults.SealBroken):
        await Kms(session).decrypt(made.blob, context={**CONTEXT, "key_id": "key_2"})


@pytest.mark.parametrize("code", ["InvalidCiphertextException", "IncorrectKeyException"])
async def test_kms_says_that_a_blob_does_not_open(faulty: Faulty, code: str) -> None:
    faulty.script = [refuse(400, code)]
    session = new_session(faulty.url)
    with pytest.raises(faults.SealBroken, match=code):
        await Kms(session).decrypt(b"x", context={})
    await session.close()


async def test_kms_throttled_throughout(faulty: Faulty) -> None:
    faulty.script = [refuse(400, "ThrottlingException")] * 4
    session = new_session(faulty.url)
    with pytest.raises(faults.StoreUnavailable):
        await Kms(session).decrypt(b"x", context={})
    await session.close()


@pytest.mark.parametrize("answer", [{}, {"Plaintext": 7}, {"Plaintext": "not base64!"}])
async def test_kms_answers_nonsense(faulty: Faulty, answer: dict) -> None:
    faulty.script = [(200, json.dumps(answer).encode())]
    session = new_session(faulty.url)
    with pytest.raises(faults.Rejected, match="UnreadableAnswer"):
        await Kms(session).decrypt(b"x", context={})
    await session.close()


def test_a_data_key_hides_its_plaintext() -> None:
    assert "hush" not in repr(DataKey(b"hush", b"blob"))


async def test_nothing_on_its_way_shows_secrets(faulty: Faulty) -> None:
    from gateway.aws.http import Http
    from gateway.aws.sigv4 import Request
    from gateway.clock import Clock

    faulty.script = [(200, b'{"SecretString":"hush-hush"}')] * 2
    session = new_session(faulty.url)
    call = Call("secretsmanager", "GetSecretValue", b"hush-hush")
    outgoing = await session._sign(call)
    answer = await session.call(call)
    http = Http(Clock())
    reply = await http.send(outgoing, 2.0)
    shown = f"{call!r} {outgoing!r} {answer!r} {reply!r} {session!r} {Request('GET', '/', '', outgoing.headers, '')!r}"
    await session.close()
    await http.close()
    assert answer.data == {"SecretString": "hush-hush"}
    assert "hush-hush" not in shown
    assert "Signature=" not in shown


class TestEnvelope:
    KEY = bytes(range(32))
    NONCE = bytes(12)

    def _sealed(self, plaintext: bytes = b"sk-1") -> Sealed:
        return seal(plaintext, data_key=self.KEY, data_key_blob=b"blob", context=CONTEXT, nonce=self.NONCE)

    @pytest.mark.parametrize("plaintext", [b"", b"sk-1", bytes(range(256)) * 50])
    def test_there_and_back(self, plaintext: bytes) -> None:
        sealed = self._sealed(plaintext)
        assert unseal(sealed, data_key=self.KEY, context=dict(reversed(CONTEXT.items()))) == plaintext
        assert data_key_blob(sealed) == b"blob"

    def test_the_form_is_plain_aes_gcm_with_canonical_json_as_associated_data(self) -> None:
        from base64 import b64decode

        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        associated = b'{"key_id":"key_1","purpose":"upstream-key"}'
        assert AESGCM(self.KEY).decrypt(self.NONCE, b64decode(self._sealed().ciphertext), associated) == b"sk-1"

    @pytest.mark.parametrize(
        "context", [{}, {**CONTEXT, "key_id": "key_2"}, {"purpose": "upstream-key"}, {**CONTEXT, "more": ""}]
    )
    def test_another_context_does_not_open(self, context: dict) -> None:
        with pytest.raises(faults.SealBroken, match="DoesNotOpen"):
            unseal(self._sealed(), data_key=self.KEY, context=context)

    def test_another_key_does_not_open(self) -> None:
        with pytest.raises(faults.SealBroken, match="DoesNotOpen"):
            unseal(self._sealed(), data_key=bytes(32), context=CONTEXT)

    @pytest.mark.parametrize("field", ["nonce", "ciphertext"])
    def test_one_changed_character_does_not_open(self, field: str) -> None:
        sealed = self._sealed()
        text = getattr(sealed, field)
        changed = {"data_key": sealed.data_key, "nonce": sealed.nonce, "ciphertext": sealed.ciphertext}
        changed[field] = ("B" if text[0] == "A" else "A") + text[1:]
        with pytest.raises(faults.SealBroken):
            unseal(Sealed(**changed), data_key=self.KEY, context=CONTEXT)

    @pytest.mark.parametrize("ciphertext", ["", "AAAA", "not base64", "é"])
    def test_what_is_no_ciphertext(self, ciphertext: str) -> None:
        with pytest.raises(faults.SealBroken):
            unseal(Sealed("", self._sealed().nonce, ciphertext), data_key=self.KEY, context=CONTEXT)

    def test_wrong_lengths(self) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            seal(b"x", data_key=b"short", data_key_blob=b"", context={}, nonce=self.NONCE)
        with pytest.raises(ValueError, match="nonce"):
            seal(b"x", data_key=self.KEY, data_key_blob=b"", context={}, nonce=b"")
        with pytest.raises(faults.SealBroken, match="WrongLength"):
            unseal(self._sealed(), data_key=b"short", context=CONTEXT)


@pytest.mark.stack
@pytest.mark.parametrize("key", ["plain", "bodies/2026-01-01/req_1.json.gz", "odd +&=é~'()*!.json"])
async def test_s3_objects_come_back_and_boto3_agrees(session: AwsSession, boto, key: str) -> None:
    bucket = f"bodies-{uuid.uuid4().hex[:8]}"
    boto("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    body = os.urandom(100_000)
    await S3(session).put_object(bucket, key, body, content_type="application/json")
    assert await S3(session).get_object(bucket, key) == body
    theirs = boto("s3").get_object(Bucket=bucket, Key=key)
    assert (theirs["Body"].read(), theirs["ContentType"]) == (body, "application/json")
    with pytest.raises(faults.NotFound, match="NoSuchKey"):
        await S3(session).get_object(bucket, "absent")
    with pytest.raises(faults.NotFound, match="NoSuchBucket"):
        await S3(session).put_object("no-such-bucket-anywhere", key, b"")


async def test_s3_refuses_what_a_url_cannot_say(session_free: S3) -> None:
    for bucket, key in [("", "k"), ("b", ""), ("b", "a/../c"), ("b", "./a")]:
        with pytest.raises(ValueError):
            await session_free.put_object(bucket, key, b"")


@pytest.fixture
def session_free() -> S3:
    return S3(new_session("http://127.0.0.1:1"))


@pytest.mark.stack
async def test_secret_and_parameter_by_arn(session: AwsSession, boto) -> None:
    name = f"upstream/{uuid.uuid4().hex[:8]}"
    arn = boto("secretsmanager").create_secret(Name=name, SecretString='{"openai":"sk-1","n":1}')["ARN"]
    boto("ssm").put_parameter(Name=f"/{name}", Value="sk-2", Type="SecureString")
    secrets = Secrets(session)
    assert await secrets.resolve(arn) == '{"openai":"sk-1","n":1}'
    assert await secrets.resolve(f"{arn}#openai") == "sk-1"
    parameter = boto("ssm").get_parameter(Name=f"/{name}")["Parameter"]["ARN"]
    assert await secrets.resolve(parameter) == "sk-2"
    for field in ("absent", "n"):
        with pytest.raises(faults.NotFound, match="NoSuchField"):
            await secrets.resolve(f"{arn}#{field}")
    with pytest.raises(faults.NotFound):
        await secrets.resolve(f"arn:aws:secretsmanager:{REGION}:000000000000:secret:absent-AbCdEf")
    with pytest.raises(faults.NotFound):
        await secrets.resolve(f"arn:aws:ssm:{REGION}:000000000000:parameter/absent")


async def test_the_region_of_an_arn_is_the_region_of_the_call(faulty: Faulty) -> None:
    faulty.script = [(200, b'{"SecretString":"s"}')]
    session = new_session(faulty.url)
    await Secrets(session).resolve("arn:aws:secretsmanager:ap-south-1:123456789012:secret:name-AbCdEf")
    await session.close()
    assert b"/ap-south-1/secretsmanager/aws4_request" in faulty.requests[0]


def test_references() -> None:
    arn = "arn:aws:ssm:eu-central-1:123456789012:parameter/team/openai"
    assert parse_reference(f"{arn}#a.b") == Reference("ssm", "eu-central-1", arn, "a.b")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sk-plain",
        "arn:aws:s3:::bucket",
        "arn:aws:ssm:eu-central-1:123456789012:secret:x",
        "arn:aws:secretsmanager:eu-central-1:123456789012:parameter/x",
        "arn:aws:secretsmanager:evil.example/:123456789012:secret:x",
        "arn:aws:secretsmanager:eu-central-1:12:secret:x",
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:x\n",
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:x#a#b",
    ],
)
def test_what_is_no_reference(text: str) -> None:
    with pytest.raises(ValueError, match="not the ARN"):
        parse_reference(text)


@pytest.mark.parametrize(
    ("call", "region", "url"),
    [
        (Call("dynamodb", "GetItem"), "eu-central-1", "https://dynamodb.eu-central-1.amazonaws.com/"),
        (Call("kms", "Decrypt"), "cn-north-1", "https://kms.cn-north-1.amazonaws.com.cn/"),
        (Call("s3", "PutObject", path="/k", host_prefix="b."), "us-east-1", "https://b.s3.us-east-1.amazonaws.com/k"),
        (Call("ssm", "GetParameter", region="us-west-2"), "eu-central-1", "https://ssm.us-west-2.amazonaws.com/"),
    ],
)
async def test_addresses_on_aws(call: Call, region: str, url: str) -> None:
    from gateway.aws.credentials import StaticCredentials
    from gateway.aws.sigv4 import Credentials
    from gateway.clock import Clock

    outgoing = await AwsSession(region, None, StaticCredentials(Credentials("a", "b")), Clock())._sign(call)
    assert outgoing.url == url
    assert dict(outgoing.headers)["host"] == url.split("/")[2]
