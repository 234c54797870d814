"""Which pictures were made of which, and what changed on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from studio.domain.lineage import EdgeKind, Parent
from studio.domain.setting_changes import SettingChange
from studio.services.history import History
from tests.bridge.requests import noisy_picture
from tests.services.histories import add, add_from, picture_of

if TYPE_CHECKING:
    import pytest

    from studio.services.history_edges import Edge


def pairs(edges: tuple[Edge, ...]) -> set[tuple[int, int | None]]:
    return {(edge.child_id, edge.parent_id) for edge in edges}


def made_of(sha256: str, kind: EdgeKind = EdgeKind.VARIATION) -> tuple[Parent, ...]:
    return (Parent(sha256, kind),)


def test_an_edge_says_what_changed(history: History) -> None:
    parent = add(history, 1, "a red fox")
    child = add(history, 2, "a blue fox", made_of(parent.picture_sha256))
    lineage = history.lineage.of(child.id)
    assert lineage.nodes == (child, parent)
    (edge,) = lineage.edges
    assert (edge.child_id, edge.parent_id, edge.parent) == (
        child.id, parent.id, Parent(parent.picture_sha256, EdgeKind.VARIATION)
    )  # fmt: skip
    assert edge.changes == (SettingChange("Prompt", "a red fox", "a blue fox"), SettingChange("Seed", "1", "2"))
    assert lineage.is_complete


def test_ancestors_and_descendants_are_found_and_others_are_not(history: History) -> None:
    first = add(history, 1)
    second = add(history, 2, parents=made_of(first.picture_sha256))
    third = add(history, 3, parents=made_of(second.picture_sha256))
    sister = add(history, 4, parents=made_of(first.picture_sha256))
    add(history, 5)
    assert {entry.id for entry in history.lineage.of(second.id).nodes} == {second.id, first.id, third.id}
    whole = history.lineage.of(first.id)
    assert {entry.id for entry in whole.nodes} == {first.id, second.id, third.id, sister.id}
    assert pairs(whole.edges) == {(second.id, first.id), (third.id, second.id), (sister.id, first.id)}


def test_a_parent_that_the_history_has_not_is_told_and_compared_once_it_is_there(history: History) -> None:
    parent = picture_of(1)
    child = add(history, 2, "a blue fox", made_of(parent.sha256))
    (edge,) = history.lineage.of(child.id).edges
    assert (edge.parent_id, edge.changes) == (None, None)
    found = add(history, 1)
    (edge,) = history.lineage.of(child.id).edges
    assert edge.parent_id == found.id
    assert edge.changes is not None
    history.trash.throw([found.id])
    history.index.connection.execute("DELETE FROM picture WHERE id = ?", (found.id,))
    (gone,) = history.lineage.of(child.id).edges
    assert (gone.parent_id, gone.changes) == (None, edge.changes)


def test_an_edge_outlives_a_file_that_was_moved(history: History) -> None:
    parent = add(history, 1)
    child = add(history, 2, parents=made_of(parent.picture_sha256))
    parent.path.rename(parent.path.with_name("renamed.png"))
    history.recover()
    assert pairs(history.lineage.of(child.id).edges) == {(child.id, parent.id)}


def test_what_was_painted_from_a_picture_of_the_history_has_an_edge_though_nobody_names_parents(
    history: History,
) -> None:
    parent = add(history, 1)
    child = add_from(history, picture_of(1), 2)
    assert pairs(history.lineage.of(child.id).edges) == {(child.id, parent.id)}
    stranger = add_from(history, noisy_picture(64, 32), 3)
    assert history.lineage.of(stranger.id).edges == ()


def test_a_picture_may_be_its_own_parent_and_trees_may_be_rings(history: History) -> None:
    first, second = picture_of(1), picture_of(2)
    one = add(history, 1, parents=made_of(second.sha256))
    other = add(history, 2, parents=made_of(first.sha256))
    own = add(history, 3, parents=made_of(picture_of(3).sha256))
    assert pairs(history.lineage.of(one.id).edges) == {(one.id, other.id), (other.id, one.id)}
    assert pairs(history.lineage.of(own.id).edges) == {(own.id, None)}


def test_a_large_tree_is_cut_to_the_nearest(history: History) -> None:
    first = add(history, 0)
    for minute in range(1, 8):
        add(history, minute, parents=made_of(first.picture_sha256))
    cut = history.lineage.of(first.id, most=5)
    assert len(cut.nodes) == 5
    assert not cut.is_complete
    assert {edge.child_id for edge in cut.edges} < {entry.id for entry in cut.nodes}
    assert history.lineage.of(first.id, most=8).is_complete


def test_a_picture_that_is_not_there_has_no_tree(history: History) -> None:
    assert history.lineage.of(99).nodes == ()


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=10))
@examples(max_examples=5)
def test_every_edge_is_between_pictures_of_the_tree(
    tmp_path_factory: pytest.TempPathFactory, arrows: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("history")
    history = History(folder / "history.sqlite3", folder / "pictures")
    parents = {number: {parent for child, parent in arrows if child == number} for number in range(6)}
    ids = [
        add(history, number, parents=tuple(Parent(picture_of(one).sha256, EdgeKind.FORK) for one in parents[number])).id
        for number in range(6)
    ]
    for number in ids:
        lineage = history.lineage.of(number)
        nodes = {entry.id for entry in lineage.nodes}
        assert number in nodes
        assert all(edge.child_id in nodes and (edge.parent_id or number) in nodes for edge in lineage.edges)
        assert len(set(lineage.edges)) == len(lineage.edges)
        up = {ids[parent] for parent in parents[ids.index(number)]}
        assert up <= nodes
    history.close()
