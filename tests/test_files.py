"""Reading files whole and writing them whole or not at all."""

import errno
import os
import stat
from pathlib import Path

import pytest

from hanfix.corpus.files import (
    FileError,
    encode_like,
    file_key,
    load,
    read_bytes,
    replacing,
    rewrite,
    write_bytes,
)

TEXT = "建设和谐社会，维护世界和平，促进共同发展。\r\n"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_cannot_be_read(tmp_path):
    with pytest.raises(FileError, match="no such file"):
        read_bytes(tmp_path / "none.txt")
    with pytest.raises(FileError, match="a directory, not a file"):
        read_bytes(tmp_path)
    with pytest.raises(FileError, match="cannot be read: Not a directory"):
        (tmp_path / "file").write_bytes(b"")
        read_bytes(tmp_path / "file" / "below")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read and write it all")
def test_permissions(tmp_path):
    target = tmp_path / "page.txt"
    target.write_bytes(b"old")
    target.chmod(0o444)
    with pytest.raises(FileError, match="read-only"):
        write_bytes(target, b"new")
    target.chmod(0)
    with pytest.raises(FileError, match="cannot be read: Permission denied"):
        read_bytes(target)


def test_a_new_file_has_the_usual_mode(tmp_path):
    target = tmp_path / "new.txt"
    write_bytes(target, b"new")
    other = tmp_path / "other.txt"
    other.write_bytes(b"")
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode == other.stat().st_mode


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_a_replaced_file_keeps_its_mode(tmp_path, mode):
    target = tmp_path / "page.txt"
    target.write_bytes(b"old")
    target.chmod(mode)
    write_bytes(target, b"new")
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert names(tmp_path) == ["page.txt"]


def test_what_is_being_written_is_nobody_elses_to_read(tmp_path):
    target = tmp_path / "private.txt"
    target.write_bytes(b"old")
    target.chmod(0o600)
    with replacing(target) as file:
        file.write(b"new")
        modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {0o600}


def test_a_symbolic_link_stays_one(tmp_path):
    real = tmp_path / "real" / "page.txt"
    real.parent.mkdir()
    real.write_bytes(b"old")
    link = tmp_path / "link.txt"
    link.symlink_to(real)
    write_bytes(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert names(real.parent) == ["page.txt"]


def test_a_link_to_nothing_makes_what_it_leads_to(tmp_path):
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / "real.txt")
    write_bytes(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "real.txt").read_bytes() == b"new"


def test_devices_are_written_to_and_never_replaced():
    before = Path(os.devnull).stat()
    write_bytes(Path(os.devnull), b"text")
    assert Path(os.devnull).stat().st_ino == before.st_ino


def test_unwritable_targets(tmp_path):
    with pytest.raises(FileError, match="there is no directory"):
        write_bytes(tmp_path / "none" / "page.txt", b"")
    with pytest.raises(FileError, match="a directory, not a file"):
        write_bytes(tmp_path, b"")
    with pytest.raises(FileError, match="cannot be written: File name too long"):
        write_bytes(tmp_path / ("长" * 100), b"")
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(FileError, match="cannot be written"):
        write_bytes(loop, b"")


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_full_disk_leaves_the_target_and_nothing_else(tmp_path, monkeypatch, failing):
    target = tmp_path / "page.txt"
    target.write_bytes(b"old")

    def full(*_arguments, **_keywords):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os if failing == "fsync" else type(target), failing, full)
    with pytest.raises(FileError, match="cannot be written: No space left on device"):
        write_bytes(target, b"new")
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["page.txt"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_happens_while_writing_leaves_the_target_and_nothing_else(tmp_path, error):
    target = tmp_path / "page.txt"
    target.write_bytes(b"old")
    with pytest.raises(error), replacing(target) as file:
        file.write(b"half")
        raise error
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["page.txt"]


def test_a_rewritten_file_keeps_a_copy(tmp_path):
    page = tmp_path / "page.txt"
    page.write_bytes(b"old")
    page.chmod(0o640)
    rewrite(page, b"new", backup=".bak")
    backup = tmp_path / "page.txt.bak"
    assert (page.read_bytes(), backup.read_bytes()) == (b"new", b"old")
    assert stat.S_IMODE(backup.stat().st_mode) == stat.S_IMODE(page.stat().st_mode) == 0o640
    with pytest.raises(FileError, match="is there already"):
        rewrite(page, b"newer", backup=".bak")
    assert (page.read_bytes(), backup.read_bytes()) == (b"new", b"old")


def test_a_failed_rewrite_leaves_no_copy(tmp_path, monkeypatch):
    page = tmp_path / "page.txt"
    page.write_bytes(b"old")
    calls = []

    def full_at_second(descriptor):
        calls.append(descriptor)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full_at_second)
    with pytest.raises(FileError, match="No space left"):
        rewrite(page, b"new", backup=".bak")
    assert page.read_bytes() == b"old"
    assert names(tmp_path) == ["page.txt"]


def test_file_key_sees_through_spelling(tmp_path, monkeypatch):
    page = tmp_path / "page.txt"
    page.write_bytes(b"")
    (tmp_path / "link").symlink_to(page)
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    keys = {
        file_key(page.parent / name)
        for name in ("page.txt", "./page.txt", "link", "folder/../page.txt", str(page))
    }
    assert len(keys) == 1
    assert file_key(page.parent / "new.txt") == file_key(page.parent / "folder" / ".." / "new.txt")
    assert file_key(page.parent / "new.txt") not in keys


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_result_is_written_as_its_source_was(encoding):
    raw = TEXT.encode(encoding)
    source = load(raw, "page.txt")
    assert source.document.text == TEXT
    assert encode_like(TEXT, source) == raw
    changed = TEXT.replace("和谐", "和平")
    assert encode_like(changed, source) == changed.encode(encoding)


def test_a_source_that_would_not_come_back_is_refused():
    # Big5 has two codes for this character: what was not touched would change.
    raw = "建設和諧社會，維護世界和平。".encode("big5") + b"\xa1\xfe"
    source = load(raw, "page.txt", encoding="big5")
    assert encode_like(source.document.text, source) == raw
    with pytest.raises(FileError, match="does not give its untouched parts back"):
        encode_like(source.document.text + "。", source)
