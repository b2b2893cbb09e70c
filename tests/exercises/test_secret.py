"""The course's secret: made once, private, never shown, known again by its fingerprint."""

import base64
import hashlib
import os
import re

import numpy as np
import pytest

from pebbletrail.exercises.secret import BadSecret, cautions, fingerprint, make_secret, read_secret

posix = pytest.mark.skipif(os.name != "posix", reason="modes of files are a matter of POSIX systems")


def hmac_by_hand(key, message):
    """HMAC-SHA-256 from its definition: two hashes, the key padded with 0x36 and 0x5c."""
    key = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + message).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).hexdigest()


def test_a_fresh_secret_is_long_and_another_each_time(tmp_path):
    made = set()
    for number in range(3):
        make_secret(tmp_path / str(number))
        assert re.fullmatch(r"[0-9a-f]{64}\n", (tmp_path / str(number)).read_text())
        made.add(read_secret(tmp_path / str(number)))
        assert cautions(tmp_path / str(number), tmp_path / "class") == []
    assert len(made) == 3


@posix
def test_it_is_readable_by_its_owner_alone_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        make_secret(tmp_path / "secret")
    finally:
        os.umask(before)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_not_written_over(tmp_path):
    path = tmp_path / "secret"
    path.write_text("mine")
    with pytest.raises(BadSecret, match="stays as it is"):
        make_secret(path)
    assert path.read_text() == "mine"


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(BadSecret, match="cannot be written"):
        make_secret(tmp_path / "no" / "secret")


@pytest.mark.parametrize("around", [b"%s", b"%s\n", b"\r\n %s\t\r\n", b"\xef\xbb\xbf%s\n"])
def test_what_an_editor_adds_around_it_does_not_count(tmp_path, around):
    secret = b"a secret that nobody would think of, 1847"
    (tmp_path / "secret").write_bytes(around % secret)
    assert read_secret(tmp_path / "secret") == secret


def test_the_shortest_that_is_taken(tmp_path):
    (tmp_path / "secret").write_bytes(b"0123456789abcdef" * 2 + b"\n")
    assert len(read_secret(tmp_path / "secret")) == 32


def test_any_bytes_will_do(tmp_path):
    (tmp_path / "secret").write_bytes(bytes(range(200, 240)))
    assert read_secret(tmp_path / "secret") == bytes(range(200, 240))


@pytest.mark.parametrize("content", [b"", b"   \n", b"x" * 31, b" " * 40 + b"y" * 31 + b"\n" * 9])
def test_a_short_one_is_refused_and_not_shown(tmp_path, content):
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(BadSecret, match=f"at least 32 characters, this one has {len(content.strip())}") as told:
        read_secret(tmp_path / "secret")
    assert not content.strip() or content.strip().decode() not in str(told.value)


def test_a_missing_one_names_the_command(tmp_path):
    with pytest.raises(BadSecret, match=r"`pebbletrail class secret .*nowhere` makes one"):
        read_secret(tmp_path / "nowhere")


def test_a_folder_is_no_secret(tmp_path):
    with pytest.raises(BadSecret, match="cannot be read"):
        read_secret(tmp_path)


def test_the_fingerprint_is_an_hmac_of_a_constant():
    for secret in (b"s" * 32, b"a longer secret than one block of the hash has bytes " * 3):
        assert fingerprint(secret) == hmac_by_hand(secret, b"pebbletrail: the fingerprint of a class secret")
    assert fingerprint(b"s" * 32) != fingerprint(b"s" * 33)


def test_a_secret_inside_the_class_is_said(tmp_path):
    make_secret(tmp_path / "secret")
    for out in (tmp_path, tmp_path / "x" / ".."):
        [said] = cautions(tmp_path / "secret", out)
        assert "lies inside" in said
    assert cautions(tmp_path / "secret", tmp_path / "sec") == []


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_secret_that_others_can_read_is_said(tmp_path, mode):
    make_secret(tmp_path / "secret")
    (tmp_path / "secret").chmod(mode)
    [said] = cautions(tmp_path / "secret", tmp_path / "class")
    assert "chmod 600" in said
    assert read_secret(tmp_path / "secret").decode() not in said


@pytest.mark.parametrize("typed", [
    b"abc" * 20, b"1234567890" * 4, b"password password password password", b"university of somewhere 2026 course",
    b"Correct horse, battery staple; once more", b"thequickbrownfoxjumpsoverthelazydog",
    "élèvesàlécoledecommercedemaville".encode()])
def test_a_secret_that_can_be_guessed_is_said_and_not_shown(tmp_path, typed):
    make_secret(tmp_path / "secret")
    (tmp_path / "secret").write_bytes(typed + b"\n")
    [said] = cautions(tmp_path / "secret", tmp_path / "class")
    assert "looks typed by hand" in said
    assert "`pebbletrail class secret FILE` makes one that cannot" in said
    assert typed.decode() not in said


def test_what_chance_makes_is_no_reason_for_caution(tmp_path):
    make_secret(tmp_path / "secret")
    chance = np.random.default_rng(1)
    for _ in range(200):
        drawn = chance.bytes(48)
        for secret in (drawn.hex().encode(), base64.urlsafe_b64encode(drawn), base64.b32encode(drawn)):
            (tmp_path / "secret").write_bytes(secret)
            assert cautions(tmp_path / "secret", tmp_path / "class") == []
