"""Moments of an Ibis table on DuckDB. Expected values: ``from_frame`` on the same rows, pandas, and exact arithmetic."""

import datetime
import decimal
import re

import numpy as np
import pandas as pd
import pytest

from pebbletrail.moments import Moments, from_table, query

ibis = pytest.importorskip("ibis")
pytest.importorskip("duckdb")


def table(frame, folder, name="rows.parquet"):
    frame.to_parquet(folder / name)
    return ibis.duckdb.connect().read_parquet(folder / name)


@pytest.fixture
def frame():
    """Two thousand rows of many types; every column but `plain` has gaps."""
    rng = np.random.default_rng(7)
    n = 2000
    data = pd.DataFrame({
        "plain": rng.normal(50, 3, n), "share": rng.random(n), "single": rng.normal(size=n).astype("float32"),
        "count": pd.array(rng.integers(0, 9, n), dtype="Int64"), "yes": pd.array(rng.random(n) < 0.3, dtype="boolean"),
        "team": rng.choice(["south", "north", "west"], n),
        "week": pd.array(rng.integers(201001, 201006, n), dtype="Int64"),
        "day": pd.Timestamp("2024-02-01") + pd.to_timedelta(rng.integers(0, 4, n), unit="D")})
    data["share"] = data["share"].mask(rng.random(n) < 0.05)
    for name in ("single", "count", "yes", "team", "week", "day"):
        data.loc[rng.random(n) < 0.02, name] = pd.NA if name in ("count", "yes", "week") else None
    return data


def same(one, other, rtol=1e-9):
    """Equal names, groups, sizes, rows read and lost; means and products to ``rtol`` of their own spread."""
    assert one.names == other.names
    assert one.labels == other.labels
    assert (one.read, one.lost) == (other.read, other.lost)
    np.testing.assert_array_equal(one._sizes, other._sizes)
    spread = np.sqrt(np.einsum("gii->gi", other._products))
    spread[spread == 0] = 1
    np.testing.assert_allclose(one._means, other._means, rtol=rtol, atol=1e-12)
    scaled = (one._products - other._products) / (spread[:, :, None] * spread[:, None, :])
    np.testing.assert_allclose(scaled, 0, atol=rtol)


COLUMNS = [["plain"], ["plain", "share", "single", "count", "yes"], ["share", "count:yes", "plain:share:single"],
           ["share", "C(team)"], ["plain", "C(week)", "C(day)", "C(week):share", "yes:C(team)"], ["C(team):C(week)"],
           ["C(team)"]]


@pytest.mark.parametrize("columns", COLUMNS, ids=[" + ".join(columns) for columns in COLUMNS])
@pytest.mark.parametrize("by", [None, "team", "week", "day", "yes"])
def test_a_table_gives_what_the_same_rows_give_as_a_frame(frame, tmp_path, columns, by):
    made, expected = Moments.from_table(table(frame, tmp_path), columns, by=by), Moments.from_frame(frame, columns, by=by)
    same(made, expected)
    assert made.rule == expected.rule.replace("rows", "rows of a table", 1)


def test_n_mean_and_cov_are_those_of_pandas_on_the_complete_rows(frame, tmp_path):
    m, names = Moments.from_table(table(frame, tmp_path), ["plain", "share", "count"]), ["plain", "share", "count"]
    complete = frame[names].dropna().astype(float)
    assert m.n == len(complete)
    assert m.rule == f"2,000 rows of a table, {2000 - len(complete)} of them left out for missing values (listwise)"
    np.testing.assert_allclose(m.mean, complete.mean(), rtol=1e-12)
    np.testing.assert_allclose(m.cov, complete.cov(), rtol=1e-10)


def test_one_query_aggregates_all_and_small_ones_go_before(frame, tmp_path, monkeypatch):
    asked = []
    for module in (query, from_table):
        real = module.fetched
        monkeypatch.setattr(module, "fetched", lambda expression, real=real: (asked.append(ibis.to_sql(expression)),
                                                                             real(expression))[1])
    rows = table(frame, tmp_path)
    Moments.from_table(rows, ["plain", "count"], by="team")
    assert ["COVAR_POP" in sql for sql in asked] == [False, True]
    assert "LIMIT 1000" in asked[0]
    asked.clear()
    Moments.from_table(rows, ["plain", "C(week)"], by="team")
    assert ["COVAR_POP" in sql for sql in asked] == [False, False, True]
    assert re.search(r"COUNT\(\s*DISTINCT", asked[0])
    asked.clear()
    # NaN shows in the first pass, and a second leaves it out; NULL is left out at once
    holes = rows.mutate(share=rows["share"].fill_null(float("nan")))
    same(Moments.from_table(holes, ["plain", "share"], by="team"), Moments.from_frame(frame, ["plain", "share"], by="team"))
    assert ["COVAR_POP" in sql for sql in asked] == [False, True, True, False]
    assert ["ISNAN" in sql.upper() for sql in asked[:3]] == [False, False, True]
    assert "ISINF" in asked[3].upper()  # among the rows left out an infinite value would have hidden


def test_csv_files_and_filtered_and_joined_tables_work_too(frame, tmp_path):
    frame.to_csv(tmp_path / "rows.csv", index=False)
    rows = ibis.duckdb.connect().read_csv(tmp_path / "rows.csv")
    same(Moments.from_table(rows, ["plain", "share"], by="team"), Moments.from_frame(frame, ["plain", "share"], by="team"))
    some = rows.filter(rows["plain"] > 50).mutate(twice=rows["share"] * 2)
    expected = frame[frame["plain"] > 50].assign(twice=frame["share"] * 2)
    same(Moments.from_table(some, ["plain", "twice"]), Moments.from_frame(expected, ["plain", "twice"]))
    size = ibis.memtable(pd.DataFrame({"team": ["north", "south"], "size": [3.0, 8.0]}))
    joined = rows.join(size, "team")
    expected = frame.merge(pd.DataFrame({"team": ["north", "south"], "size": [3.0, 8.0]}))
    same(Moments.from_table(joined, ["plain", "size"]), Moments.from_frame(expected, ["plain", "size"]))


def test_columns_default_to_every_numeric_one_but_by(frame, tmp_path):
    rows = table(frame, tmp_path)
    assert Moments.from_table(rows).names == Moments.from_frame(frame.drop(columns="yes")).names
    assert Moments.from_table(rows, by="week").names == ("plain", "share", "single", "count")


def test_decimals_and_dates_are_the_numbers_and_labels_that_pandas_has(tmp_path):
    data = pd.DataFrame({"price": [decimal.Decimal("1.10"), decimal.Decimal("2.25"), None, decimal.Decimal("4.00")],
                         "day": [datetime.date(2024, 5, day) for day in (2, 1, 1, 1)]})
    m = Moments.from_table(table(data, tmp_path), ["price", "C(day)"])
    assert m.names == ("price", "C(day)[2024-05-02]")
    assert m.n == 3
    np.testing.assert_allclose(m.cov.loc["price", "price"], np.var([1.1, 2.25, 4], ddof=1), rtol=1e-12)
    assert Moments.from_table(table(data, tmp_path), ["price"], by="day").labels == (pd.Timestamp(2024, 5, 1),
                                                                                     pd.Timestamp(2024, 5, 2))
    by_price = Moments.from_table(table(data.assign(x=[1.0, 2, 3, 4]), tmp_path), ["x"], by="price")
    assert by_price.labels == (1.1, 2.25, 4.0)


def test_parts_from_tables_and_frames_join_into_the_whole(frame, tmp_path):
    columns = ["plain", "share", "count:yes", "C(day)"]
    for by in (None, "team", "week"):
        expected = Moments.from_frame(frame, columns, by=by)
        half = Moments.from_table(table(frame[:900], tmp_path), columns, by=by)
        for rest in (Moments.from_frame(frame[900:], columns, by=by),
                     Moments.from_table(table(frame[900:], tmp_path, "rest.parquet"), columns, by=by)):
            whole = half + rest
            assert set(whole.labels) == set(expected.labels)
            np.testing.assert_allclose(whole.cov, expected.cov, rtol=1e-9, atol=1e-12)
            for label, group in expected.groups.items():
                np.testing.assert_allclose(whole.groups[label].cov, group.cov, rtol=1e-9, atol=1e-12)
    assert (half + rest).rule.startswith("2,000 rows of a table, ")
    both = half + Moments.from_frame(frame[900:], columns, by="week")
    assert both.rule.startswith("2,000 rows, some of them of a table, ")


def test_the_within_part_of_a_table_is_that_of_the_frame(frame, tmp_path):
    columns = ["plain", "share", "C(week)"]
    made = Moments.from_table(table(frame, tmp_path), columns, by="team").within()
    expected = Moments.from_frame(frame, columns, by="team").within()
    assert made.absorbed == expected.absorbed == 3
    np.testing.assert_allclose(made.cov, expected.cov, rtol=1e-9, atol=1e-12)
    assert "of 3 groups, 2,000 rows of a table" in made.rule


def test_forty_columns_and_ninety_dummies_are_no_trouble(tmp_path):
    rng = np.random.default_rng(3)
    data = pd.DataFrame(rng.normal(size=(4000, 40)), columns=[f"v{i}" for i in range(40)])
    data = data.assign(week=rng.integers(0, 91, 4000), shop=rng.integers(0, 20, 4000))
    rows = table(data, tmp_path)
    wanted = [([*data.columns[:40]], "shop"), (["v0", "C(week)", "v1:C(week)"], "shop"), (["v0", "C(shop)"], "week")]
    for columns, by in wanted:
        same(Moments.from_table(rows, columns, by=by), Moments.from_frame(data, columns, by=by))


def test_the_callers_connection_is_left_as_it_was(frame, tmp_path):
    rows = table(frame, tmp_path)
    connection = rows.get_backend().con
    there = "select view_name from duckdb_views() union all select table_name from duckdb_tables() order by all"
    before = connection.execute(there).fetchall()
    Moments.from_table(rows, ["plain", "C(week)"], by="team")
    assert connection.execute(there).fetchall() == before


# --- digits ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("shuffled_far_row", [False, True], ids=["first rows like the others", "first row far away"])
def test_a_mean_of_1e9_leaves_a_variance_of_1_its_digits(tmp_path, shuffled_far_row):
    rng = np.random.default_rng(11)
    near = pd.DataFrame(rng.integers(-4096, 4096, size=(60_000, 2)) / 1024, columns=["a", "b"])  # exact beside 1e9
    if shuffled_far_row:
        near.loc[0, "b"] = -1e9
    near["g"] = rng.integers(0, 50, len(near))
    far = near.assign(a=near["a"] + 1e9, b=near["b"] + 1e9)
    expected = near[["a", "b"]].cov()
    rows = table(far, tmp_path)
    plain, grouped = Moments.from_table(rows, ["a", "b"]), Moments.from_table(rows, ["a", "b"], by="g")
    halves = (Moments.from_table(rows.filter(rows["a"] > 1e9), ["a", "b"], by="g")
              + Moments.from_table(rows.filter(rows["a"] <= 1e9), ["a", "b"], by="g"))
    # a stored mean is rounded to 1e-7 here, which is felt where parts with unlike means are joined
    for m, rtol in ((plain, 1e-9), (grouped, 1e-9), (halves, 1e-7)):
        np.testing.assert_allclose(np.diag(m.cov), np.diag(expected), rtol=rtol)
        np.testing.assert_allclose(m.mean["a"] - 1e9, near["a"].mean(), atol=2e-7)
    for label, own in near.groupby("g"):
        if label != near.loc[0, "g"]:
            np.testing.assert_allclose(grouped.groups[label].cov.loc["a", "a"], own["a"].var(), rtol=1e-9)


def test_a_table_sorted_by_size_costs_its_small_values_no_digits(tmp_path):
    rng = np.random.default_rng(8)
    data = pd.DataFrame({"x": np.r_[np.sort(rng.uniform(1e11, 1e12, 2000))[::-1], rng.normal(0.01, 1e-3, 2000)],
                         "g": np.repeat(["large", "small"], 2000)})
    m = Moments.from_table(table(data, tmp_path), ["x"], by="g")
    for label, own in data.groupby("g")["x"]:
        assert m.groups[label].mean["x"] == pytest.approx(own.mean(), rel=1e-12)
        assert m.groups[label].cov.loc["x", "x"] == pytest.approx(own.var(), rel=1e-9)


def test_what_is_subtracted_first_is_read_by_duckdb_to_the_last_digit():
    connection = ibis.duckdb.connect()
    rng = np.random.default_rng(2)
    values = [*(rng.normal(size=200) * 10.0 ** rng.integers(-20, 20, 200)), 1e9 + 1 / 3, 1e300, 5e-324]
    written = ibis.memtable(pd.DataFrame({"one": [1]})).select(
        **{f"v{number}": ibis.literal(repr(float(value))).cast("float64") for number, value in enumerate(values)})
    assert connection.execute(written).iloc[0].tolist() == values


# --- what is refused ------------------------------------------------------------------------------------------------

SMALL = pd.DataFrame({"x": [1.0, 2, 3, 5], "y": [2.0, np.nan, 4, 1], "word": list("abcd"), "one": 7, "many": [1, 2, 3, 4],
                      "none": pd.Series([None] * 4, dtype="string"), "high": [1.0, 2, np.inf, 4]})


@pytest.mark.parametrize(("columns", "more", "message"), [
    pytest.param(["x", "z"], {}, r"^columns: there is no 'z'; there are x, y, word", id="unknown column"),
    pytest.param(["x", "x"], {}, r"^columns: x is named more than once", id="column named twice"),
    pytest.param(["word"], {}, r"^columns: 'word' holds string, not numbers; 'C\(word\)' makes dummies", id="words"),
    pytest.param([], {}, r"^columns: there is no numeric column", id="no columns"),
    pytest.param(["x"], {"by": "team"}, r"^by: there is no column 'team'; there are x, y", id="unknown by"),
    pytest.param(["x"], {"by": ["many"]}, r"^by: the name of one column is needed, .*, not \['many'\]", id="a list as by"),
    pytest.param(["x"], {"by": "none"}, r"^table: 0 complete rows are left of 4", id="no group at all"),
    pytest.param(["x", "C(one)"], {}, r"^columns: C\(one\) has one level \(7\)", id="one level"),
    pytest.param(["high"], {}, r"^columns: 'high' holds an infinite value", id="infinite"),
    pytest.param(["y", "high"], {}, r"^columns: 'high' holds an infinite value", id="infinite beside a missing value"),
    pytest.param(["x"], {"by": "high"}, r"^by: 'high' holds an infinite value", id="infinite group"),
    pytest.param(["x:high"], {}, r"^columns: 'x:high' holds an infinite value", id="infinite product"),
    pytest.param(["x", "y"], {"missing": "refuse"}, r"^table: 1 of 4 rows lack a value, and missing='refuse'", id="refuse"),
    pytest.param(["x"], {"missing": "pairwise"}, r"^missing: pairwise moments are made of a DataFrame", id="pairwise"),
    pytest.param(["x"], {"missing": "drop"}, r"^missing: 'drop' is not one of listwise, refuse", id="unknown rule"),
])
def test_what_a_table_cannot_give_is_an_error_that_names_it(tmp_path, columns, more, message):
    with pytest.raises(ValueError, match=message):
        Moments.from_table(table(SMALL, tmp_path), columns, **more)


def test_an_infinite_value_in_a_row_left_out_with_a_nan_is_found_too(tmp_path):
    data = pd.DataFrame({"x": [np.nan, np.inf, 1, 2, 3], "y": [1.0, np.nan, 2, 3, 5]})
    rows = ibis.duckdb.connect()
    rows.con.execute("copy (select * from (values ('nan'::double, 1.0), ('inf'::double, null), (1.0, 2.0), (3.0, 5.0)) "
                     f"t(x, y)) to '{tmp_path}/nan.parquet'")
    for made in (lambda: Moments.from_table(rows.read_parquet(tmp_path / "nan.parquet")), lambda: Moments.from_frame(data)):
        with pytest.raises(ValueError, match=r"^columns: 'x' holds an infinite value"):
            made()


def test_nan_is_a_missing_value_as_it_is_in_pandas(tmp_path):
    con = ibis.duckdb.connect()
    con.con.execute("copy (select * from (values ('nan'::double, 1.0::double), (null, 2.0), (1.0, 2.0), (3.0, 5.0), "
                    f"(4, 'nan')) t(x, g)) to '{tmp_path}/nan.parquet'")
    rows = con.read_parquet(tmp_path / "nan.parquet")
    m = Moments.from_table(rows, ["x"], by="g")
    assert m.labels == (2.0, 5.0)
    assert m.lost == 3
    assert Moments.from_table(rows, ["x", "C(g)"]).names == ("x", "C(g)[5]")


def test_more_than_500_levels_are_refused_before_the_rows_are_read(tmp_path, monkeypatch):
    rows = table(pd.DataFrame({"x": np.arange(501.0), "person": np.arange(501)}), tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(from_table, "aggregate", None)
        with pytest.raises(ValueError, match=r"^columns: C\(person\) has 501 levels; at most 500 .* by='person'"):
            Moments.from_table(rows, ["x", "C(person)"])
    assert len(Moments.from_table(rows, ["x"], by="person").labels) == 501


def test_a_level_that_only_incomplete_rows_have_makes_no_column(tmp_path):
    data = pd.DataFrame({"x": [np.nan, 1, 2, 4, 3], "week": [1, 2, 2, 3, 3]})
    assert Moments.from_table(table(data, tmp_path), ["x", "C(week)"]).names == ("x", "C(week)[3]")


def test_infinite_values_of_both_signs_are_found(tmp_path):
    data = pd.DataFrame({"x": [1.0, np.inf, -np.inf, 2, 3], "a": [1e200, -1e200, 1, 2, 3], "b": [1e200, 1e200, 1, 2, 3]})
    for term in ("x", "a:b"):
        with pytest.raises(ValueError, match=rf"^columns: '{term}' holds an infinite value"):
            Moments.from_table(table(data, tmp_path), [term])


@pytest.mark.parametrize("rows", [0, 1])
def test_fewer_than_two_rows_are_an_error(tmp_path, rows):
    with pytest.raises(ValueError, match=rf"^table: {rows} complete rows are left of {rows}"):
        Moments.from_table(table(SMALL.head(rows), tmp_path), ["x"])


def test_data_that_is_no_table_is_an_error():
    with pytest.raises(ValueError, match=r"^table: an Ibis table is needed, not DataFrame; from_frame takes a DataFrame"):
        Moments.from_table(SMALL, ["x"])


def test_a_column_of_the_table_as_by_is_an_error_that_asks_for_its_name(tmp_path):
    rows = table(SMALL, tmp_path)
    with pytest.raises(ValueError, match=r"^by: the name of one column is needed, such as 'x', not IntegerColumn"):
        Moments.from_table(rows, ["x"], by=rows["many"])


# --- other engines --------------------------------------------------------------------------------------------------

def test_the_same_query_is_written_for_spark(monkeypatch):
    from ibis.config import Config, options

    class SparkOptions(Config):  # what Ibis sets when pyspark is installed, and asks for when it writes the query
        treat_nan_as_null: bool = False

    monkeypatch.setattr(options, "pyspark", SparkOptions())
    rows = ibis.table({"x": "float32", "count": "int64", "yes": "boolean", "team": "string", "day": "date"}, name="calls")
    bases = [("x",), ("count",), ("x", "yes")]
    sql = ibis.to_sql(query.aggregate(rows, ["x", "count", "yes"], ["team", "day"], bases, np.array([1e9, 0, -0.5])),
                      dialect="pyspark")
    assert sql.count("COVAR_POP(") == 6
    assert "ISNAN(" in sql.upper()
    assert sql.count("GROUP BY") == 1
    assert "COVAR_POP" not in ibis.to_sql(rows.select("x").limit(10), dialect="pyspark")
