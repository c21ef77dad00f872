"""A retired ref waits for those who began before it was retired, and for nobody else."""

from lib.store.tickets import Readers


def test_what_nobody_reads_is_free_at_once() -> None:
    readers = Readers()
    readers.retire("ref_1")
    assert readers.unread() == ["ref_1"]
    assert readers.unread() == []


def test_it_waits_for_readers_that_began_before() -> None:
    readers = Readers()
    with readers.reading():
        readers.retire("ref_1")
        assert readers.unread() == []
    assert readers.unread() == ["ref_1"]


def test_it_does_not_wait_for_readers_that_began_after() -> None:
    readers = Readers()
    readers.retire("ref_1")
    with readers.reading():
        readers.retire("ref_2")
        assert readers.unread() == ["ref_1"]
    assert readers.unread() == ["ref_2"]
