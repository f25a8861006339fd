"""Worked examples from the vendors' price pages, by hand, in nano-dollars."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.catalog import DATA, lookup
from gateway.catalog.pricing import cost_nano, dearest_picture, picture_price, says_nothing
from gateway.neutral.config import PicturePrice, Price, PriceTier, to_json
from gateway.neutral.config_reading import price_from_json
from gateway.neutral.prices import scaled
from gateway.neutral.usage import Usage

M = 1_000_000
pytestmark = pytest.mark.skipif(
    not (DATA / "models.json").exists(), reason="NOT RUN: the catalog is not built (make setup)"
)


@pytest.mark.parametrize(
    ("kind", "model", "usage", "nano"),
    [
        # gpt-4o: $2.50 in, $1.25 cached, $10 out. 0.0025 + 0.005 + 0.01 dollars. https://platform.openai.com/docs/pricing
        ("openai", "gpt-4o", Usage(fresh=1_000, cache_read=4_000, output=1_000), 17_500_000),
        # The same at priority: $4.25, $2.125, $17.
        ("openai", "gpt-4o", Usage(fresh=1_000, cache_read=4_000, output=1_000, service="priority"), 29_750_000),
        # gpt-5 at flex: $0.625 in, $5 out; thinking is output.
        ("openai", "gpt-5", Usage(fresh=1_000, output=2_000, reasoning=1_500, service="flex"), 10_625_000),
        # gpt-audio: text $2.50 / $10, sound $32 / $64. 100 of 120 tokens in and 40 of 50 out are sound: 50,000 + 3,200,000 + 100,000 + 2,560,000.
        ("openai", "gpt-audio", Usage(fresh=120, audio_input=100, output=50, audio_output=40), 5_910_000),
        # gpt-image-1: text in $5, pictures in $10, pictures out $40. 50 + 200 tokens in, 1,056 out (medium, 1024x1024).
        ("openai", "gpt-image-1", Usage(fresh=250, image_input=200, output=1_056, image_output=1_056), 44_490_000),
        # whisper-1: $0.006 a minute, by the second. tts-1: $15 a million characters.
        ("openai", "whisper-1", Usage(audio_ms_in=60_000), 6_000_000),
        ("openai", "whisper-1", Usage(audio_ms_in=1), 100),
        ("openai", "tts-1", Usage(characters=1_000), 15_000_000),
        # gpt-4o-mini-tts: text $0.60, sound $12. The list has a price per second beside it, which is the same once more: 60 + 12,600 dollars/10⁶.
        (
            "openai",
            "gpt-4o-mini-tts",
            Usage(fresh=100, output=1_050, audio_output=1_050, audio_ms_out=50_000, characters=600),
            12_660_000,
        ),
        # gpt-4o-transcribe: text $2.50, sound $6, $10 out; a price per second beside it, as above.
        ("openai", "gpt-4o-transcribe", Usage(fresh=600, audio_input=590, output=100, audio_ms_in=60_000), 4_565_000),
        # Rerank on Bedrock: $2 for a thousand searches.
        ("bedrock", "cohere.rerank-v3-5:0", Usage(searches=3), 6_000_000),
        ("bedrock", "cohere.rerank-v3-5:0", Usage(fresh=900), 2_000_000),
        # Cohere Rerank 3.5: $2 for a thousand searches; Voyage's rerank-2.5: $0.05 a million tokens. https://cohere.com/pricing, https://docs.voyageai.com/docs/pricing
        ("cohere", "rerank-v3.5", Usage(fresh=900, searches=2), 4_000_000),
        ("voyage", "rerank-2.5", Usage(fresh=1_000), 50_000),
        # grok-imagine-image: $0.02 a picture. https://docs.x.ai/docs/models
        ("xai", "grok-imagine-image", Usage(images_out=3), 60_000_000),
        # Claude Sonnet 4.5: $3, writes $3.75 (5 min) and $6 (1 h), reads $0.30, $15 out. https://claude.com/pricing
        (
            "anthropic",
            "claude-sonnet-4-5",
            Usage(fresh=100, cache_write_5m=1_000, cache_write_1h=1_000, cache_read=10_000, output=200),
            300_000 + 3_750_000 + 6_000_000 + 3_000_000 + 3_000_000,
        ),
        # Gemini 2.5 Pro: $1.25 / $10, above 200k tokens $2.50 / $15 for all of them. https://ai.google.dev/gemini-api/docs/pricing
        ("gemini", "gemini-2.5-pro", Usage(fresh=200_000, output=1_000), 260_000_000),
        ("gemini", "gemini-2.5-pro", Usage(fresh=200_001, output=1_000), 515_002_500),
        # Gemini 2.5 Flash: text $0.30, sound $1.00, out $2.50.
        ("gemini", "gemini-2.5-flash", Usage(fresh=1_000, audio_input=900, output=100), 30_000 + 900_000 + 250_000),
        # Gemini 2.5 Flash Image: a picture is 1,290 tokens at $30: $0.0387.
        ("gemini", "gemini-2.5-flash-image", Usage(fresh=10, output=1_290, image_output=1_290), 38_703_000),
        # Stable Image Ultra on Bedrock: $0.14 a picture.
        ("bedrock", "stability.stable-image-ultra-v1:1", Usage(images_out=2), 280_000_000),
    ],
)
def test_worked_examples(kind: str, model: str, usage: Usage, nano: int) -> None:
    facts = lookup(kind, model)
    assert facts is not None
    assert facts.price is not None
    assert cost_nano(usage, facts.price) == nano


def test_what_is_given_away_and_billed_otherwise_is_not_free() -> None:
    facts = lookup("gemini", "lyria-3.5")
    assert facts is not None
    assert facts.price is None
    assert facts.unit_prices


DALLE = Price(
    0,
    0,
    pictures=(
        PicturePrice(40, "standard", "1024x1024"),
        PicturePrice(80, "standard"),
        PicturePrice(100, "hd", "1024x1024"),
        PicturePrice(120, "hd"),
        PicturePrice(70, size="512x512"),
    ),
)
USUAL = replace(DALLE, per_image_output=90)


@pytest.mark.parametrize(
    ("made", "costs", "usually", "held"),
    [
        ("standard/1024x1024", 40, 40, 80),
        ("standard/1792x1024", 80, 80, 80),
        ("hd/1024x1024", 100, 100, 120),
        ("hd/", 120, 120, 120),
        ("hd/512x512", 120, 120, 120),
        ("/512x512", 70, 70, 120),
        ("", 120, 90, 120),
        ("/1024x1024", 120, 90, 120),
        ("ultra/4096x4096", 120, 90, 120),
        ("ultra/512x512", 70, 70, 120),
    ],
)
def test_pictures_by_quality_and_size(made: str, costs: int, usually: int, held: int) -> None:
    """Exactly what is said; what is not said is the price for all others, or the dearest it may be. What is held is never less."""
    assert picture_price(DALLE, made) == costs
    assert picture_price(USUAL, made) == usually
    assert dearest_picture(DALLE, made) == held
    assert dearest_picture(USUAL, made) >= usually
    assert cost_nano(Usage(images_out=3, picture=made), scaled(DALLE, 1_000_000_000)) == 3 * costs


def test_a_picture_of_one_quality_that_the_list_prices_apart() -> None:
    facts = lookup("xai", "grok-imagine-image-2.0")
    assert facts is not None
    assert facts.price is not None
    assert cost_nano(Usage(images_out=2, picture="low/1024x1024"), facts.price) == 80_000_000
    assert cost_nano(Usage(images_out=2), facts.price) == 120_000_000


@pytest.mark.parametrize(
    ("usage", "price", "nothing"),
    [
        (Usage(characters=5), Price(0, 0, per_character=7), False),
        (Usage(fresh=5), Price(0, 0, per_character=7), True),
        (Usage(fresh=5, output=2), Price(0, 0, per_image_output=7), True),
        (Usage(images_out=1), Price(3, 0), True),
        (Usage(audio_ms_in=9), Price(3, 5, audio_input=8), True),
        (Usage(audio_ms_in=9, fresh=4), Price(3, 5), False),
        (Usage(images_out=1), Price(3, 5, per_image_input=9), True),
        (Usage(images_out=1), Price(3, 5, per_image_output=9), False),
        (Usage(images_out=1, fresh=4), Price(0, 0, request=9), False),
        (Usage(images_out=1), Price(0, 0), False),
        (Usage(fresh=1), Price(0, 0), False),
        (Usage(), Price(3, 5), False),
    ],
)
def test_what_was_not_counted_is_not_free(usage: Usage, price: Price, nothing: bool) -> None:
    assert says_nothing(usage, price) is nothing


def test_sound_without_a_price_is_text() -> None:
    usage = Usage(fresh=10, audio_input=4, image_input=2, output=10, audio_output=4, image_output=2)
    assert cost_nano(usage, Price(M, 2 * M)) == 30_000
    assert cost_nano(usage, Price(M, 2 * M, audio_input=5 * M)) == 30_000 + 4 * 4_000
    tiered = Price(M, 2 * M, tiers=(PriceTier(5, 3 * M, 3 * M),), image_output=9 * M)
    assert cost_nano(usage, tiered) == 10 * 3_000 + 8 * 3_000 + 2 * 9_000


@pytest.mark.parametrize(
    "usage",
    [
        Usage(fresh=5, audio_input=9, image_input=9),
        Usage(output=5, reasoning=3, audio_output=9, image_output=9),
        Usage(output=5, reasoning=9, audio_output=9),
    ],
)
def test_parts_are_never_more_than_the_whole(usage: Usage) -> None:
    assert cost_nano(usage, Price(M, M, audio_input=M, audio_output=M, image_input=M, image_output=M)) == 5_000


def test_milliseconds_are_rounded_with_the_sum_alone() -> None:
    price = Price(0, 0, per_second_input=30_830_000)  # $0.111 an hour
    assert cost_nano(Usage(audio_ms_in=3_600_000), price) == 110_988_000
    assert cost_nano(Usage(audio_ms_in=1), price) == 31
    assert cost_nano(Usage(audio_ms_in=3), price) == 92
    assert (
        cost_nano(
            Usage(audio_ms_in=1, audio_ms_out=1), Price(0, 0, per_second_input=250_000, per_second_output=249_999)
        )
        == 0
    )
    assert (
        cost_nano(
            Usage(audio_ms_in=1, audio_ms_out=1), Price(0, 0, per_second_input=250_000, per_second_output=250_000)
        )
        == 1
    )


WHOLE = Price(
    3,
    5,
    cache_read=1,
    tiers=(PriceTier(7, 9, 11, reasoning=13),),
    request=15,
    per_image_output=17,
    pictures=(PicturePrice(7, "hd"),),
    priority=Price(6, 10, tiers=(PriceTier(7, 18, 22),)),
)


def test_every_part_of_a_price_is_multiplied_and_rounded_half_up() -> None:
    assert scaled(WHOLE, 1_000_000) == WHOLE
    assert scaled(WHOLE, 500_000) == Price(
        2,
        3,
        cache_read=1,
        tiers=(PriceTier(7, 5, 6, reasoning=7),),
        request=8,
        per_image_output=9,
        pictures=(PicturePrice(4, "hd"),),
        priority=Price(3, 5, tiers=(PriceTier(7, 9, 11),)),
    )


def test_a_whole_price_survives_json() -> None:
    assert price_from_json(to_json(WHOLE)) == WHOLE
    with pytest.raises(ValueError, match="unknown fields"):
        price_from_json({"input": 1, "output": 1, "flex": {"input": 1, "output": 1, "x": 1}})
