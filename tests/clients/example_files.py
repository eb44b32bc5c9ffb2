"""The files that the examples in Snowflake's packages read, which the packages do not carry: made from what the examples say of them."""

import pyarrow
import pyarrow.orc
import pyarrow.parquet

TEXTS = {
    "testCSV.csv": "1,one,1.2\n2,two,2.2\n",
    "test2CSV.csv": "3,three,3.3\n4,four,4.4\n",
    "testCSVheader.csv": "id,name,rating\n1,one,1.2\n2,two,2.2\n",
    "testCSVspecialFormat.csv": "ID,USERNAME,FIRSTNAME,LASTNAME\n0,admin,none,none\n1,test_user,test,user\n",
    "testJson.json": '{"color": "Red", "fruit": "Apple", "size": "Large"}\n',
    "test.xml": "<test>\n  <num>1</num>\n  <str>str1</str>\n</test>\n<test>\n  <num>2</num>\n  <str>str2</str>\n</test>\n",
    "nested.xml": "<root><tag><test><num>1</num><str>str1</str><obj><bool>true</bool><str>str2</str></obj></test></tag></root>\n",
    "test_requirements.txt": "numpy\npandas\n",
    "test_udf_dir/test_udf_file.py": "def mod5(x: int) -> int:\n    return x % 5\n",
    "test_sp_dir/test_sp_file.py": (
        "import snowflake.snowpark\n\n\n"
        "def mod5(session: snowflake.snowpark.Session, x: int) -> int:\n"
        '    return session.sql(f"SELECT {x} % 5").collect()[0][0]\n'
    ),
    "test_udtf_dir/test_udtf_file.py": (
        "from typing import Iterable, Tuple\n\n\n"
        "class GeneratorUDTF:\n"
        "    def process(self, n: int) -> Iterable[Tuple[int]]:\n"
        "        for i in range(n):\n"
        "            yield (i,)\n"
    ),
}

SUM = """class {name}:
    def __init__(self){nothing}:
        self._sum = 0

    @property
    def aggregate_state(self){whole}:
        return self._sum

    def accumulate(self, value{of_whole}){nothing}:
        self._sum += value

    def merge(self, other{of_whole}){nothing}:
        self._sum += other

    def finish(self){whole}:
        return self._sum
"""


def write_example_files(folder):
    typed = SUM.format(
        name="MyUDAFWithTypeHints",
        nothing=" -> None",
        whole=" -> int",
        of_whole=": int",
    )
    plain = SUM.format(name="MyUDAFWithoutTypeHints", nothing="", whole="", of_whole="")
    for name, text in {
        **TEXTS,
        "test_udaf_dir/test_udaf_file.py": f"{typed}\n\n{plain}",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    table = pyarrow.table({"str": ["str1", "str2"], "num": [1, 2]})
    pyarrow.parquet.write_table(table, folder / "test.parquet")
    pyarrow.orc.write_table(table, folder / "test.orc")
