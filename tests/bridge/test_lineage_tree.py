"""A lineage is drawn so that nothing lies on anything else and every line leads to the right."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.bridge.lineage_choice import MOST, MOST_BESIDE
from studio.bridge.lineage_layout import COLUMN, PASSING, ROW, spaced
from studio.bridge.lineage_tree import LineageTree, edge_words, lineage_tree
from studio.domain.setting_changes import SettingChange
from tests.bridge.lineages import CHANGES, edge, lineage_of

GRAPHS = st.lists(st.tuples(st.integers(1, 14), st.integers(1, 14)), max_size=30).map(
    lambda pairs: [(child, parent) for child, parent in pairs if child != parent]
)
"""Children and parents, circles and all."""


def check(tree: LineageTree) -> None:
    """Nothing overlaps, and every line leads to a later column, by way of those between."""
    for key in tree.nodes:
        heights = [tree.nodes[one].at[1] for one in tree.beside(key)]
        assert all(after - before >= ROW - 1e-6 for before, after in pairwise(heights))
    for line in tree.edges:
        parent, child = tree.nodes[line.parent], tree.nodes[line.child]
        columns = range(parent.column + 1, child.column)
        assert parent.column < child.column
        assert [x for x, _ in line.points] == [COLUMN * column for column in columns]
        for (_, y), column in zip(line.points, columns, strict=True):
            passed = (node.at[1] for node in tree.nodes.values() if node.column == column)
            assert all(abs(y - height) >= (ROW + PASSING) / 2 - 1e-6 for height in passed)


def test_ancestors_stand_left_and_descendants_right() -> None:
    tree = lineage_tree(lineage_of(3, [(2, 1), (3, 2), (4, 3), (5, 3), (6, 5)]))
    assert {key: node.column for key, node in tree.nodes.items()} == {3: 0, 2: -1, 1: -2, 4: 1, 5: 1, 6: 2}
    assert tree.nodes[3].at == (0, 0)
    assert tree.parents_of(3) == [2]
    assert tree.children_of(3) == [4, 5]
    assert tree.beside(5) == [4, 5]
    check(tree)


def test_several_parents_are_all_joined() -> None:
    tree = lineage_tree(lineage_of(3, [(3, 1), (3, 2), (2, 1)]))
    assert {key: node.column for key, node in tree.nodes.items()} == {3: 0, 2: -1, 1: -2}
    assert {(line.parent, line.child, len(line.points)) for line in tree.edges} == {(1, 3, 1), (2, 3, 0), (1, 2, 0)}
    check(tree)


def test_a_parent_that_the_history_does_not_have_has_a_place() -> None:
    tree = lineage_tree(lineage_of(2, [(2, "ab" * 32), (3, 2), (3, "cd" * 32)]))
    stranger, other = tree.nodes["ab" * 32], tree.nodes["cd" * 32]
    assert (stranger.entry, stranger.column, stranger.left_out) == (None, -1, 0)
    assert (other.entry, other.column) == (None, 0)
    check(tree)


def test_a_picture_alone_is_a_tree() -> None:
    tree = lineage_tree(lineage_of(7, []))
    assert list(tree.nodes) == [7]
    assert tree.edges == ()


def test_one_that_is_gone_has_none() -> None:
    tree = lineage_tree(replace(lineage_of(7, []), nodes=()))
    assert not tree.nodes


def test_many_children_are_counted_and_shown_once_opened() -> None:
    lineage = lineage_of(1, [(child, 1) for child in range(2, 42)])
    tree = lineage_tree(lineage)
    assert len(tree.children_of(1)) == MOST_BESIDE + 1
    rest = tree.nodes["below 1"]
    assert (rest.left_out, rest.beside, rest.column) == (40 - MOST_BESIDE, 1, 1)
    check(tree)
    opened = lineage_tree(lineage, {1})
    assert len(opened.children_of(1)) == 40
    assert "below 1" not in opened.nodes
    check(opened)


def test_a_large_tree_stops_at_the_nearest_pictures() -> None:
    lineage = lineage_of(300, [(child, child - 1) for child in range(2, 600)])
    tree = lineage_tree(lineage)
    assert sum(node.entry is not None for node in tree.nodes.values()) == MOST
    assert tree.nodes["above 270"].left_out == 1
    check(tree)


def test_a_circle_is_cut() -> None:
    tree = lineage_tree(lineage_of(1, [(2, 1), (1, 2)]))
    assert len(tree.nodes) == 2
    assert len(tree.edges) == 1
    check(tree)


@settings(max_examples=60)
@given(GRAPHS, st.integers(1, 14), st.sets(st.integers(1, 14)), st.integers(1, 14))
def test_whatever_was_made_of_what(pairs: list[tuple[int, int]], focus: int, opened: set[int], most: int) -> None:
    tree = lineage_tree(lineage_of(focus, pairs), opened, most)
    assert tree.nodes[focus].at == (0, 0)
    check(tree)


@settings(max_examples=60)
@given(st.lists(st.floats(-1000, 1000), min_size=1, max_size=12), st.floats(1, 200))
def test_heights_keep_their_order_and_distance_and_stay_where_they_can(wanted: list[float], gap: float) -> None:
    found = spaced(wanted, [gap] * (len(wanted) - 1))
    assert all(after - before >= gap - 1e-6 for before, after in pairwise(found))
    # What needs no pushing is not pushed, and pushing is shared evenly.
    assert sum(found) == pytest.approx(sum(wanted), abs=1e-6)
    assert spaced(found, [gap] * (len(wanted) - 1)) == pytest.approx(found, abs=1e-6)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (CHANGES, "seed 4 \u2192 9, strength 0.6"),
        ((), ""),
        (None, ""),
        ((SettingChange("VAE", "fine", ""),), "no VAE"),
        ((SettingChange("Prompt", "a red fox in the snow", "a red fox at night"),), "other prompt"),
        (
            tuple(SettingChange(name, "1", "2") for name in ("Steps", "Seed", "Model", "Size")),
            "steps 1 \u2192 2, seed 1 \u2192 2, model 1 \u2192 2 +1",
        ),
    ],
)
def test_a_line_says_what_changed(changes: tuple[SettingChange, ...] | None, words: str) -> None:
    assert edge_words(edge(2, 1, changes)) == words
