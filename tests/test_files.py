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
    rewrite(page, b"new", read=b"old", backup=".bak")
    backup = tmp_path / "page.txt.bak"
    assert (page.read_bytes(), backup.read_bytes()) == (b"new", b"old")
    assert stat.S_IMODE(backup.stat().st_mode) == stat.S_IMODE(page.stat().st_mode) == 0o640
    with pytest.raises(FileError, match="is there already"):
        rewrite(page, b"newer", read=b"new", backup=".bak")
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
        rewrite(page, b"new", read=b"old", backup=".bak")
    assert page.read_bytes() == b"old"
    assert names(tmp_path) == ["page.txt"]


@pytest.mark.parametrize("backup", [None, ".bak"])
def test_what_another_program_wrote_meanwhile_is_not_written_over(tmp_path, backup):
    page = tmp_path / "page.txt"
    page.write_bytes(b"somebody else's")
    with pytest.raises(FileError, match="changed by another program since it was read"):
        rewrite(page, b"new", read=b"old", backup=backup)
    assert page.read_bytes() == b"somebody else's"
    assert names(tmp_path) == ["page.txt"]
    page.unlink()
    with pytest.raises(FileError, match="cannot be written"):
        rewrite(page, b"new", read=b"old", backup=backup)
    assert names(tmp_path) == []


def test_the_backup_holds_what_was_read_and_not_what_is_there_by_then(tmp_path, monkeypatch):
    page = tmp_path / "page.txt"
    page.write_bytes(b"old")
    monkeypatch.setattr(Path, "read_bytes", lambda self: b"old")
    page.write_bytes(b"other")
    rewrite(page, b"new", read=b"old", backup=".bak")
    monkeypatch.undo()
    assert (tmp_path / "page.txt.bak").read_bytes() == b"old"


def test_a_backup_that_cannot_be_written(tmp_path):
    page = tmp_path / "page.txt"
    page.write_bytes(b"old")
    with pytest.raises(FileError, match=r"the backup .* cannot be written: File name too long"):
        rewrite(page, b"new", read=b"old", backup="x" * 255)
    assert page.read_bytes() == b"old"
    assert names(tmp_path) == ["page.txt"]


def test_other_names_of_a_rewritten_file_keep_the_old_text(tmp_path):
    page, other = tmp_path / "page.txt", tmp_path / "other.txt"
    page.write_bytes(b"old")
    other.hardlink_to(page)
    rewrite(page, b"new", read=b"old")
    assert (page.read_bytes(), other.read_bytes()) == (b"new", b"old")


def test_only_regular_files_are_read_to_be_written_back(tmp_path):
    page = tmp_path / "page.txt"
    page.write_bytes(b"text")
    assert read_bytes(page, regular=True) == b"text"
    with pytest.raises(FileError, match="a directory, not a file"):
        read_bytes(tmp_path, regular=True)
    with pytest.raises(FileError, match="no such file"):
        read_bytes(tmp_path / "none.txt", regular=True)
    with pytest.raises(FileError, match="no regular file"):
        read_bytes(Path(os.devnull), regular=True)


def test_a_directory_that_takes_no_files_is_named(tmp_path, monkeypatch):
    def refused(*_arguments, **_keywords):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(FileError, match=f"no file may be made in the directory {str(tmp_path)!r}"):
        write_bytes(tmp_path / "new.txt", b"")


def test_the_file_of_standard_output_is_written_to_and_not_replaced(tmp_path, capfd):
    for target in (Path("/dev/stdout"), Path("/dev/fd/1"), Path("/dev/stderr")):
        if target.exists():
            write_bytes(target, target.name.encode())
    assert capfd.readouterr() == ("stdout1", "stderr")
    saved = os.dup(1)
    log = tmp_path / "log.txt"
    try:
        with log.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.write(1, b"before ")
            write_bytes(log, b"text")
            os.write(1, b" after")
    finally:
        os.dup2(saved, 1)
        os.close(saved)
    assert log.read_bytes() == b"before text after"


def test_file_key_is_there_for_every_name(tmp_path, monkeypatch):
    loop, link = tmp_path / "loop", tmp_path / "link"
    loop.symlink_to(loop)
    link.symlink_to(tmp_path / "new.txt")
    assert file_key(loop) == file_key(tmp_path / "." / "loop")
    assert file_key(link) == file_key(tmp_path / "new.txt")
    assert file_key(tmp_path / ("x" * 300)) != file_key(tmp_path / ("y" * 300))
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert file_key(Path("a")) == file_key(Path("a"))


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


def test_replaced_bytes_are_not_written_back():
    raw = TEXT.encode() + b"\xff" + TEXT.encode()
    source = load(raw, "page.txt", errors="replace")
    assert source.document.encoding == "utf-8"
    assert encode_like(source.document.text, source) == raw
    with pytest.raises(FileError, match="does not give its untouched parts back"):
        encode_like(source.document.text + "。", source)
    # A character that stands for a lost one is a character like others.
    sound = load(f"{TEXT}\ufffd{TEXT}".encode(), "page.txt")
    assert encode_like(sound.document.text + "。", sound) == sound.raw + "。".encode()


def test_a_source_that_would_not_come_back_is_refused():
    # Big5 has two codes for this character: what was not touched would change.
    raw = "建設和諧社會，維護世界和平。".encode("big5") + b"\xa1\xfe"
    source = load(raw, "page.txt", encoding="big5")
    assert encode_like(source.document.text, source) == raw
    with pytest.raises(FileError, match="does not give its untouched parts back"):
        encode_like(source.document.text + "。", source)
