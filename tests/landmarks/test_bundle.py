from __future__ import annotations

import io
import struct
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from posture_check.landmarks.bundle import BUNDLE_KINDS, bundle_kind, load_manifest, pack

names = st.from_regex(r"[a-z_]{1,30}\.tflite", fullmatch=True)


@given(parts=st.dictionaries(names, st.binary(max_size=200), min_size=1, max_size=4), turn=st.randoms())
def test_a_bundle_depends_on_its_parts_alone_and_aligns_each(parts: dict[str, bytes], turn) -> None:
    content = pack(parts)
    shuffled = list(parts.items())
    turn.shuffle(shuffled)
    assert pack(dict(shuffled)) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.filename: archive.read(info) for info in archive.infolist()} == parts
        for info in archive.infolist():
            name, extra = struct.unpack_from("<HH", content, info.header_offset + 26)
            assert (info.header_offset + 30 + name + extra) % 16 == 0


def test_a_bundle_is_known_by_its_members() -> None:
    for kind, members in BUNDLE_KINDS.items():
        assert bundle_kind(pack(dict.fromkeys(members, b"x"))) == kind
        assert bundle_kind(pack(dict.fromkeys(sorted(members)[:1], b"x"))) is None
    assert bundle_kind(b"PK no zip") is None


def test_a_bundle_with_a_flipped_bit_is_not_taken_for_one() -> None:
    content = bytearray(pack(dict.fromkeys(BUNDLE_KINDS["pose"], b"x" * 1000)))
    content[500] ^= 1
    assert bundle_kind(bytes(content)) is None


def test_the_shipped_manifest_makes_each_kind_once_from_distinct_networks() -> None:
    manifest = load_manifest()
    assert list(manifest.models) == ["pose", "hand", "face", "selfie"]
    for recipe in manifest.models.values():
        assert BUNDLE_KINDS.get(recipe.kind, {recipe.file}) == set(recipe.parts)
    networks = [part.sha256 for recipe in manifest.models.values() for part in recipe.parts.values()]
    assert len(set(networks)) == len(networks) == 7
