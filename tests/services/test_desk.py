"""A desk whose CDAs can't be opened says so before anybody needs one."""

from dataclasses import replace

import pytest

from lib.model.errors import AppError, Reason
from lib.services.desk import Desk
from lib.store.keys import new_key


def refusal(desk: Desk) -> Reason:
    with pytest.raises(AppError) as refused:
        desk.require_key()
    return refused.value.reason


def test_the_key_that_sealed_them_is_enough(desk: Desk) -> None:
    desk.require_key()


def test_another_key_is_refused(desk: Desk) -> None:
    (desk.settings.data / "keys" / "cda.key").unlink()
    settings = replace(desk.settings, cda_key=new_key())
    assert refusal(Desk(settings, desk.store)) is Reason.CDA_KEY_WRONG


def test_the_key_that_sealed_them_is_found_beside_another_setting(desk: Desk) -> None:
    """As between a new key and the restart that takes it over."""
    settings = replace(desk.settings, cda_key=new_key())
    Desk(settings, desk.store).require_key()


def test_a_lost_key_is_refused_and_not_replaced(desk: Desk) -> None:
    key = desk.settings.data / "keys" / "cda.key"
    key.unlink()
    assert refusal(desk) is Reason.CDA_KEY_MISSING
    assert not key.exists()
