import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResultSet } from '../../../local-snowflake/sql/result-set.ts';
import { folderStages } from './support/folder-stage.ts';
import { SmallAccount } from './support/small-account.ts';

type Rows = ResultSet['rows'];

// https://docs.snowflake.com/en/sql-reference/sql/copy-into-table
describe('COPY INTO', () => {
  let root: string;
  let account: SmallAccount;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'copy-'));
    for (const stage of ['S', 'OUT']) mkdirSync(join(root, stage));
    account = await SmallAccount.open();
    account.stages = folderStages(root);
    account.fileFormats.set('PQ', { TYPE: 'PARQUET' });
    account.fileFormats.set('HEADED', { TYPE: 'CSV', PARSE_HEADER: true, FIELD_OPTIONALLY_ENCLOSED_BY: '"' });
    await account.run('CREATE TABLE t (id INT NOT NULL, name VARCHAR(10), amount NUMBER(10,2), at TIMESTAMP_NTZ)');
  });

  afterEach(async () => {
    await account.close();
    rmSync(root, { recursive: true });
  });

  const put = (name: string, content: string | Buffer): void => {
    writeFileSync(join(root, 'S', name), content);
  };
  /** `file status parsed loaded errors` of every file. */
  const outcome = async (copy: string): Promise<string[]> => {
    const { columns, rows } = await account.run(copy);
    const at = (name: string): number => columns.findIndex((column) => column.name === name);
    const shown = ['file', 'status', 'rows_parsed', 'rows_loaded', 'errors_seen'].map(at);
    return rows.map((row) => shown.map((index) => row[index]).join(' '));
  };
  const table = (): Promise<Rows> => account.rows('SELECT id, name, amount FROM t ORDER BY id, name');

  const good = 'id,name,amount,at\n1,"Ann, ""A""",1.5,2024-01-01 10:00:00\n2,bob,,2024-02-01\n';
  const bad = 'id,name,amount,at\n3,carl,7,2024-01-01\nx,dora,2,2024-02-01\n,eve,1,2024-01-01\n4,"a name too long",1,2024-01-01\n';
  const csv = `FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1 FIELD_OPTIONALLY_ENCLOSED_BY = '"')`;

  it('loads CSV files, compressed or not, each once', async () => {
    put('a.csv', good);
    put('b.csv.gz', gzipSync('id,name,amount,at\n5,gus,2.345,2024-01-01\n'));
    expect(await outcome(`COPY INTO t FROM @s ${csv}`)).toEqual(['s/a.csv LOADED 2 2 0', 's/b.csv.gz LOADED 1 1 0']);
    expect(await table()).toEqual([
      ['1', 'Ann, "A"', '1.50'],
      ['2', 'bob', null],
      ['5', 'gus', '2.35'],
    ]);
    expect(await account.rows(`COPY INTO t FROM @s ${csv}`)).toEqual([['Copy executed with 0 files processed.']]);
    expect(await outcome(`COPY INTO t FROM @s/a.csv ${csv} FORCE = TRUE`)).toEqual(['s/a.csv LOADED 2 2 0']);
    // A changed file is another file.
    put('b.csv.gz', gzipSync('id,name,amount,at\n6,hal,1,2024-01-01\n'));
    expect(await outcome(`COPY INTO t FROM @s ${csv}`)).toEqual(['s/b.csv.gz LOADED 1 1 0']);
  });

  it('loads files that zstd compressed', async () => {
    put('z.csv.zst', Buffer.from('KLUv/QRoSQEAaWQsbmFtZSxhbW91bnQsYXQKNSxndXMsMi4zNDUsMjAyNC0wMS0wMQq+GhB1', 'base64'));
    expect(await outcome(`COPY INTO t FROM @s ${csv}`)).toEqual(['s/z.csv.zst LOADED 1 1 0']);
    expect(await table()).toEqual([['5', 'gus', '2.35']]);
    put('y.csv', 'no zstd');
    const forced = csv.replace('SKIP_HEADER', 'COMPRESSION = ZSTD SKIP_HEADER');
    await expect(account.run(`COPY INTO t FROM @s/y.csv ${forced}`)).rejects.toThrow('y.csv');
  });

  it('loads files that bzip2 compressed', async () => {
    put(
      'z.csv.bz2',
      Buffer.from(
        'QlpoOTFBWSZTWez0Bd0AAA9ZgAAQAAd+ACajjgAgACGqeTTUwyA0KBpoZGTE6vb4Q8TdrAmFwTSdX5+N8NNg4QpLEeF3JFOFCQ7PQF3Q',
        'base64',
      ),
    );
    expect(await outcome(`COPY INTO t FROM @s ${csv}`)).toEqual(['s/z.csv.bz2 LOADED 1 1 0']);
  });

  // https://docs.snowflake.com/en/sql-reference/functions/validate and copy_history
  describe('what is known of loads', () => {
    const validate = `SELECT file, line, column_name, error FROM TABLE(VALIDATE(t, JOB_ID => '_last'))`;

    it('VALIDATE gives all faults of the last load', async () => {
      put('b.csv', bad);
      await expect(account.run(validate)).rejects.toMatchObject({ code: '001015' });
      await account.run(`COPY INTO t FROM @s ${csv} ON_ERROR = CONTINUE`);
      expect(await account.rows(validate)).toEqual([
        ['s/b.csv', '3', '"T"["ID":1]', "Numeric value 'x' is not recognized"],
        ['s/b.csv', '4', '"T"["ID":1]', 'NULL result in a non-nullable column'],
        ['s/b.csv', '5', '"T"["NAME":2]', "String 'a name too long' is too long and would be truncated"],
      ]);
      expect(await account.rows(validate.replace('_last', account.facts().queryId))).toHaveLength(3);
    });

    it('VALIDATE refuses loads that a query made', async () => {
      put('a.csv', good);
      await account.run(`COPY INTO t (id) FROM (SELECT $1 FROM @s) ${csv}`);
      await expect(account.run(validate)).rejects.toMatchObject({ code: '001003' });
    });

    it('COPY_HISTORY gives each file of a time, until the table is emptied', async () => {
      put('a.csv', good);
      put('b.csv', bad);
      await account.run(`COPY INTO t FROM @s ${csv} ON_ERROR = CONTINUE`);
      await account.run(`COPY INTO t FROM @s ${csv}`);
      const history = (start: string): Promise<Rows> =>
        account.rows(
          `SELECT file_name, stage_location, row_count, row_parsed, file_size, first_error_message, error_count, status, table_name
           FROM TABLE(INFORMATION_SCHEMA.COPY_HISTORY(TABLE_NAME => 't', START_TIME => ${start})) ORDER BY 1`,
        );
      const fault = "Numeric value 'x' is not recognized";
      expect(await history('DATEADD(hours, -1, CURRENT_TIMESTAMP())')).toEqual([
        ['s/a.csv', '@DB.PUBLIC.S', '2', '2', String(good.length), null, '0', 'Loaded', 'T'],
        ['s/b.csv', '@DB.PUBLIC.S', '1', '4', String(bad.length), fault, '3', 'Partially loaded', 'T'],
      ]);
      expect(await history('DATEADD(hours, 1, CURRENT_TIMESTAMP())')).toEqual([]);
      await account.run('TRUNCATE TABLE t');
      expect(await history('DATEADD(hours, -1, CURRENT_TIMESTAMP())')).toEqual([]);
    });
  });

  it("loads from the table's own stage without FROM", async () => {
    const asked: string[] = [];
    const known = folderStages(root);
    account.stages = (location) => {
      asked.push(location);
      return known('@s');
    };
    put('a.csv', good);
    await account.run(`COPY INTO t ${csv}`);
    await account.run(`COPY INTO db.public."T" ${csv}`);
    expect(asked).toEqual(['@%"T"', '@"DB"."PUBLIC".%"T"']);
    expect((await table()).length).toBe(2);
  });

  // https://docs.snowflake.com/en/sql-reference/sql/copy-into-table#validating-staged-files
  describe('VALIDATION_MODE', () => {
    const faults = async (copy: string): Promise<string[]> => {
      const { columns, rows } = await account.run(copy);
      const at = (name: string): number => columns.findIndex((column) => column.name === name);
      const shown = ['FILE', 'LINE', 'ROW_NUMBER', 'CODE', 'SQL_STATE', 'COLUMN_NAME', 'CATEGORY', 'ERROR'].map(at);
      return rows.map((row) => shown.map((index) => row[index] ?? 'NULL').join(' | '));
    };

    it('gives all faults of all files, and loads nothing', async () => {
      put('a.csv', good);
      put('b.csv', bad);
      put('c.csv', 'id,name,amount,at\n7,x,y,z\n8,short\n');
      expect(await faults(`COPY INTO t FROM @s ${csv} VALIDATION_MODE = RETURN_ERRORS`)).toEqual([
        `s/b.csv | 3 | 2 | 100038 | 22018 | "T"["ID":1] | conversion | Numeric value 'x' is not recognized`,
        's/b.csv | 4 | 3 | 100072 | 22000 | "T"["ID":1] | parsing | NULL result in a non-nullable column',
        `s/b.csv | 5 | 4 | 100078 | 22000 | "T"["NAME":2] | conversion | String 'a name too long' is too long and would be truncated`,
        `s/c.csv | 2 | 1 | 100038 | 22018 | "T"["AMOUNT":3] | conversion | Numeric value 'y' is not recognized`,
        `s/c.csv | 2 | 1 | 100035 | 22007 | "T"["AT":4] | conversion | Timestamp 'z' is not recognized`,
        `s/c.csv | 3 | 2 | 100080 | 22000 | NULL | parsing | Number of columns in file (2) does not match that of the corresponding table (4), use file format option error_on_column_count_mismatch=false to ignore this error`,
      ]);
      expect(await table()).toEqual([]);
    });

    it('looks at files that were loaded before with RETURN_ALL_ERRORS alone', async () => {
      put('b.csv', bad);
      await account.run(`COPY INTO t FROM @s ${csv} ON_ERROR = CONTINUE`);
      expect(await faults(`COPY INTO t FROM @s ${csv} VALIDATION_MODE = 'RETURN_ERRORS'`)).toEqual([]);
      expect(await faults(`COPY INTO t FROM @s ${csv} VALIDATION_MODE = 'RETURN_ALL_ERRORS'`)).toHaveLength(3);
    });

    it('shows the first rows, or the first fault among them', async () => {
      put('a.csv', good);
      put('b.csv', bad);
      const copy = (rows: number): string => `COPY INTO t FROM @s ${csv} VALIDATION_MODE = 'RETURN_${String(rows)}_ROWS'`;
      const { columns, rows } = await account.run(copy(3));
      expect(columns.map(({ name }) => name)).toEqual(['ID', 'NAME', 'AMOUNT', 'AT']);
      expect(rows.map(([id, name, amount]) => [id, name, amount])).toEqual([
        ['1', 'Ann, "A"', '1.50'],
        ['2', 'bob', null],
        ['3', 'carl', '7.00'],
      ]);
      await expect(account.run(copy(4))).rejects.toThrow(
        /^Numeric value 'x' is not recognized\n {2}File 'b\.csv', line 3, character 1\n {2}Row 2, column "T"\["ID":1\]$/u,
      );
      expect(await table()).toEqual([]);
      expect((await account.describe(copy(3))).map(({ name }) => name)).toEqual(['ID', 'NAME', 'AMOUNT', 'AT']);
    });
  });

  it('loads files again after TRUNCATE', async () => {
    put('a.csv', good);
    await account.run(`COPY INTO t FROM @s ${csv}`);
    await account.run('TRUNCATE TABLE t');
    expect(await outcome(`COPY INTO t FROM @s ${csv}`)).toEqual(['s/a.csv LOADED 2 2 0']);
  });

  it('stops at the first fault and says where it is', async () => {
    put('b.csv', bad);
    put('a.csv', good);
    await expect(account.run(`COPY INTO t FROM @s ${csv}`)).rejects.toMatchObject({
      code: '100038',
      message: expect.stringMatching(
        /^Numeric value 'x' is not recognized\n {2}File 'b\.csv', line 3, character 1\n {2}Row 2, column "T"\["ID":1\]\n {2}If you would like to continue loading/u,
      ) as string,
    });
    expect(await table()).toEqual([]);
  });

  it('leaves out faulty records with ON_ERROR = CONTINUE', async () => {
    put('b.csv', bad);
    expect(await outcome(`COPY INTO t FROM @s ${csv} ON_ERROR = CONTINUE`)).toEqual(['s/b.csv PARTIALLY_LOADED 4 1 3']);
    expect(await table()).toEqual([['3', 'carl', '7.00']]);
  });

  it.each([
    ['SKIP_FILE', []],
    ['SKIP_FILE_3', []],
    ['SKIP_FILE_4', ['3']],
    ["'SKIP_FILE_50%'", []],
    ["'SKIP_FILE_80%'", ['3']],
  ])('skips files with ON_ERROR = %s', async (option, loaded) => {
    put('b.csv', bad);
    await account.run(`COPY INTO t FROM @s ${csv} ON_ERROR = ${option}`);
    expect((await table()).map(([id]) => id)).toEqual(loaded);
  });

  it('reports the first fault of a file', async () => {
    put('b.csv', bad);
    const { columns, rows } = await account.run(`COPY INTO t FROM @s ${csv} ON_ERROR = CONTINUE`);
    expect(Object.fromEntries(columns.map((column, index) => [column.name, rows[0]?.[index]]))).toMatchObject({
      error_limit: '4',
      first_error: "Numeric value 'x' is not recognized",
      first_error_line: '3',
      first_error_column_name: '"T"["ID":1]',
    });
  });

  it('counts columns unless told not to', async () => {
    put('c.csv', '1,a\n');
    const narrow = 'FILE_FORMAT = (TYPE = CSV)';
    await expect(account.run(`COPY INTO t FROM @s/c.csv ${narrow}`)).rejects.toThrow(
      'Number of columns in file (2) does not match that of the corresponding table (4)',
    );
    await account.run('COPY INTO t FROM @s/c.csv FILE_FORMAT = (TYPE = CSV ERROR_ON_COLUMN_COUNT_MISMATCH = FALSE)');
    expect(await table()).toEqual([['1', 'a', null]]);
  });

  it('cuts text with TRUNCATECOLUMNS', async () => {
    put('c.csv', '1,much longer than ten,1,\n');
    await account.run('COPY INTO t FROM @s FILE_FORMAT = (TYPE = CSV) TRUNCATECOLUMNS = TRUE');
    expect(await table()).toEqual([['1', 'much longe', '1.00']]);
  });

  it('takes the files that are named or fit a pattern', async () => {
    for (const name of ['x1.csv', 'x2.csv', 'y1.csv']) put(name, `${name.slice(1, 2)},${name.slice(0, 2)},1,\n`);
    await account.run("COPY INTO t FROM @s FILE_FORMAT = (TYPE = CSV) PATTERN = '.*x[0-9][.]csv'");
    await account.run("COPY INTO t FROM @s FILE_FORMAT = (TYPE = CSV) FILES = ('y1.csv')");
    expect((await table()).map(([, name]) => name)).toEqual(['x1', 'y1', 'x2']);
    await expect(account.run("COPY INTO t FROM @s FILE_FORMAT = (TYPE = CSV) FILES = ('z.csv')")).rejects.toThrow(
      "Remote file 'z.csv' was not found.",
    );
  });

  it('removes what it has loaded with PURGE, in a transaction once that commits', async () => {
    put('a.csv', good);
    await account.connection.begin();
    await account.run(`COPY INTO t FROM @s ${csv} PURGE = TRUE`);
    expect(existsSync(join(root, 'S', 'a.csv'))).toBe(true);
    await expect(account.run("SELECT 'x'::INT FROM t")).rejects.toThrow('not recognized');
    await account.connection.commit();
    expect(existsSync(join(root, 'S', 'a.csv'))).toBe(false);
    expect((await table()).map(([id]) => id)).toEqual(['1', '2']);
  });

  it('transforms on the way', async () => {
    put('a.csv', good);
    await account.run(`COPY INTO t (id, name) FROM (SELECT $1::INT * 10, concat($2, '!') FROM @s/a.csv) ${csv}`);
    expect(await table()).toEqual([
      ['10', 'Ann, "A"!', null],
      ['20', 'bob!', null],
    ]);
  });

  it('matches columns by the header', async () => {
    put('h.csv', 'AMOUNT,Id,other\n1.25,7,x\n');
    await account.run('COPY INTO t FROM @s/h.csv FILE_FORMAT = (FORMAT_NAME = headed) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE');
    expect(await table()).toEqual([['7', null, '1.25']]);
  });

  // https://docs.snowflake.com/en/user-guide/semistructured-data-formats#example-of-loading-an-xml-document
  describe('XML', () => {
    const parts = `<?xml version="1.0"?>
<!DOCTYPE parts system "parts.dtd">
<parts>
   <part count="4"><item>Spark Plugs</item><price units="dollar"> 27.00</price></part>
   <part count="1"><item>Motor Oil</item><price units="dollar"> 14.00</price></part>
</parts>`;

    beforeEach(async () => {
      await account.run('CREATE TABLE x (src VARIANT)');
      put('auto-parts.xml', parts);
    });

    it('loads documents', async () => {
      await account.run('COPY INTO x FROM @s FILE_FORMAT = (TYPE = XML)');
      expect(await account.rows(`SELECT src, GET(XMLGET(XMLGET(src, 'part', 1), 'item'), '$')::VARCHAR FROM x`)).toEqual([
        [
          `<parts>
  <part count="4">
    <item>Spark Plugs</item>
    <price units="dollar">27.00</price>
  </part>
  <part count="1">
    <item>Motor Oil</item>
    <price units="dollar">14.00</price>
  </part>
</parts>`,
          'Motor Oil',
        ],
      ]);
    });

    it('loads the elements of a document as rows', async () => {
      await account.run('COPY INTO x FROM @s FILE_FORMAT = (TYPE = XML STRIP_OUTER_ELEMENT = TRUE)');
      expect(await account.rows(`SELECT src:"@count"::INT FROM x ORDER BY 1`)).toEqual([['1'], ['4']]);
    });

    it('says where a file is no XML', async () => {
      put('auto-parts.xml', '<a></b>');
      await expect(account.run('COPY INTO x FROM @s FILE_FORMAT = (TYPE = XML)')).rejects.toThrow('no opening tag for </b>, pos 7');
    });

    it('is refused where it is not supported', async () => {
      await expect(account.run('COPY INTO @out FROM x FILE_FORMAT = (TYPE = XML)')).rejects.toThrow('unloading XML');
      await expect(account.run('COPY INTO x FROM @s FILE_FORMAT = (TYPE = XML PRESERVE_SPACE = TRUE)')).rejects.toThrow(
        'PRESERVE_SPACE',
      );
    });
  });

  describe('JSON', () => {
    beforeEach(() => {
      put('j.json', '{"id": 1, "NAME": "a", "amount": 1.5}\n{"id": 2, "NAME": null}\n');
    });

    it('goes whole into one column', async () => {
      await account.run('CREATE TABLE j (v VARIANT)');
      await account.run('COPY INTO j FROM @s FILE_FORMAT = (TYPE = JSON)');
      expect(await account.rows('SELECT v:id::INT, v:NAME::VARCHAR FROM j ORDER BY 1')).toEqual([
        ['1', 'a'],
        ['2', null],
      ]);
      await expect(account.run('COPY INTO t FROM @s FILE_FORMAT = (TYPE = JSON)')).rejects.toThrow(
        'JSON file format can produce one and only one column of type variant, object, or array.',
      );
    });

    it('matches columns by keys', async () => {
      await account.run('COPY INTO t FROM @s FILE_FORMAT = (TYPE = JSON) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE');
      expect(await table()).toEqual([
        ['1', 'a', '1.50'],
        ['2', null, null],
      ]);
    });

    it('takes outer arrays apart', async () => {
      put('j.json', '[{"id": 5}, {"id": 6}]');
      await account.run(
        'COPY INTO t FROM @s FILE_FORMAT = (TYPE = JSON STRIP_OUTER_ARRAY = TRUE) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE',
      );
      expect((await table()).map(([id]) => id)).toEqual(['5', '6']);
    });
  });

  it.each([
    ['COPY INTO t FROM @s FILE_FORMAT = (TYPE = CSV BOGUS = 1)', "invalid property 'BOGUS' for 'FILE_FORMAT'"],
    ['COPY INTO t FROM @none', "Stage '@none' does not exist or not authorized."],
    ['COPY INTO none FROM @s', "Object 'NONE' does not exist or not authorized."],
    ["COPY INTO t FROM @s VALIDATION_MODE = 'WRONG_MODE'", "invalid value ['WRONG_MODE'] for parameter 'VALIDATION_MODE'"],
    ['COPY INTO t FROM (SELECT $1, $2, $3, $4 FROM @s) VALIDATION_MODE = RETURN_ERRORS', 'does not support COPY with transform'],
    [
      'COPY INTO t FROM @s VALIDATION_MODE = RETURN_ERRORS MATCH_BY_COLUMN_NAME = CASE_SENSITIVE',
      'VALIDATION_MODE with MATCH_BY_COLUMN_NAME',
    ],
    ['COPY INTO t FROM @s ON_ERROR = CONTINUE ON_ERROR = SKIP_FILE', "conflicting values for copy option 'ON_ERROR'"],
    ['COPY INTO t FROM @s ENFORCE_LENGTH = TRUE TRUNCATECOLUMNS = TRUE', "conflicting values for copy option 'TRUNCATECOLUMNS'"],
    ['COPY INTO t FROM @s PURGE = MAYBE', "invalid value [MAYBE] for parameter 'PURGE'"],
    ['COPY INTO t FROM @s SIZE_LIMIT = -5', "invalid value [-5] for parameter 'SIZE_LIMIT'"],
  ])('refuses %s', async (copy, message) => {
    await expect(account.run(copy)).rejects.toThrow(message);
  });

  // https://docs.snowflake.com/en/sql-reference/sql/copy-into-location
  describe('a stage', () => {
    beforeEach(async () => {
      await account.run("INSERT INTO t VALUES (1, 'a,b', 1.5, '2024-01-01 10:00:00'), (2, NULL, NULL, NULL), (3, '', 0, NULL)");
    });

    it('gets CSV', async () => {
      const [[rows] = []] = await account.rows(
        `COPY INTO @out/x FROM (SELECT id, name, amount FROM t ORDER BY id) FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE FIELD_OPTIONALLY_ENCLOSED_BY = '"' NULL_IF = ('NULL')) HEADER = TRUE SINGLE = TRUE`,
      );
      expect(rows).toBe('3');
      expect(readFileSync(join(root, 'OUT', 'x'), 'utf8')).toBe('"ID","NAME","AMOUNT"\n1,"a,b",1.50\n2,"NULL",NULL\n3,"",0.00\n');
    });

    it('gets JSON', async () => {
      await account.run(
        'COPY INTO @out/j FROM (SELECT object_construct(*) FROM t WHERE id < 3 ORDER BY id) FILE_FORMAT = (TYPE = JSON COMPRESSION = NONE)',
      );
      expect(readFileSync(join(root, 'OUT', 'j_0_0_0.json'), 'utf8')).toBe(
        '{"AMOUNT":1.5,"AT":"2024-01-01 10:00:00.000","ID":1,"NAME":"a,b"}\n{"ID":2}\n',
      );
    });

    it('is told of by file with DETAILED_OUTPUT, and by query id in names', async () => {
      const unload = (options: string): Promise<ResultSet> =>
        account.run(
          `COPY INTO @out/d/x FROM (SELECT id FROM t ORDER BY id) FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE) ${options}`,
        );
      const { columns, rows } = await unload('DETAILED_OUTPUT = TRUE');
      expect(columns.map(({ name }) => name)).toEqual(['FILE_NAME', 'FILE_SIZE', 'ROW_COUNT']);
      expect(rows).toEqual([['x_0_0_0.csv', '6', '3']]);
      await unload('INCLUDE_QUERY_ID = TRUE');
      expect(readFileSync(join(root, 'OUT', 'd', 'x_00000000-0000-0000-0000-000000000001_0_0_0.csv'), 'utf8')).toBe('1\n2\n3\n');
      await expect(unload('INCLUDE_QUERY_ID = TRUE SINGLE = TRUE')).rejects.toThrow('SINGLE = TRUE with INCLUDE_QUERY_ID = TRUE');
    });

    // https://docs.snowflake.com/en/sql-reference/sql/copy-into-location#copy-options-copyoptions, MAX_FILE_SIZE
    it('goes to files of MAX_FILE_SIZE, each with its header', async () => {
      const unload = (options: string, type = 'TYPE = CSV COMPRESSION = NONE'): Promise<ResultSet> =>
        account.run(
          `COPY INTO @out/m/x FROM (SELECT id FROM t ORDER BY id) FILE_FORMAT = (${type}) DETAILED_OUTPUT = TRUE ${options}`,
        );
      expect((await unload('HEADER = TRUE MAX_FILE_SIZE = 7')).rows).toEqual([
        ['x_0_0_0.csv', '7', '2'],
        ['x_0_0_1.csv', '5', '1'],
      ]);
      expect(readFileSync(join(root, 'OUT', 'm', 'x_0_0_1.csv'), 'utf8')).toBe('ID\n3\n');
      await expect(unload('MAX_FILE_SIZE = 4')).rejects.toThrow('Files already existing');
      await expect(unload('SINGLE = TRUE MAX_FILE_SIZE = 4')).rejects.toThrow(
        'Max file size (4) exceeded for unload single file mode. Please increase MAX_FILE_SIZE copy option.',
      );
      await expect(unload('MAX_FILE_SIZE = 20', 'TYPE = PARQUET')).rejects.toThrow('MAX_FILE_SIZE = 20');
      for (const wrong of ['0', '5368709121', "'1'"])
        await expect(unload(`MAX_FILE_SIZE = ${wrong}`)).rejects.toThrow('MAX_FILE_SIZE');
      expect(readdirSync(join(root, 'OUT', 'm')).sort()).toEqual(['x_0_0_0.csv', 'x_0_0_1.csv']);
    });

    it('stays as it is with VALIDATION_MODE = RETURN_ROWS, and for no rows', async () => {
      const { columns, rows } = await account.run(
        'COPY INTO @out/v FROM (SELECT id, name FROM t ORDER BY id) VALIDATION_MODE = RETURN_ROWS',
      );
      expect(columns.map(({ name }) => name)).toEqual(['ID', 'NAME']);
      expect(rows).toEqual([
        ['1', 'a,b'],
        ['2', null],
        ['3', ''],
      ]);
      expect(await account.rows('COPY INTO @out/v FROM (SELECT id FROM t WHERE id > 9)')).toEqual([['0', '0', '0']]);
      expect(existsSync(join(root, 'OUT', 'v'))).toBe(false);
      expect(existsSync(join(root, 'OUT', 'v_0_0_0.csv.gz'))).toBe(false);
      await expect(account.run('COPY INTO @out/v FROM t VALIDATION_MODE = RETURN_ERRORS')).rejects.toThrow(
        'invalid value [RETURN_ERRORS] for parameter',
      );
    });

    it('gets a folder for each value of PARTITION BY', async () => {
      await account.run('CREATE TABLE t1 (dt DATE, ts TIME)');
      await account.run(
        "INSERT INTO t1 VALUES ('2020-01-28', '18:05'), ('2020-01-28', '22:57'), ('2020-01-28', NULL), ('2020-01-29', '02:15')",
      );
      const unload = (location: string, more = ''): Promise<Rows> =>
        account.rows(
          `COPY INTO ${location} FROM t1 PARTITION BY ('date=' || to_varchar(dt, 'YYYY-MM-DD') || '/hour=' || to_varchar(date_part(hour, ts))) FILE_FORMAT = (TYPE = PARQUET) HEADER = TRUE ${more}`,
        );
      expect((await unload('@out/t1')).map(([rows]) => rows)).toEqual(['4']);
      expect(
        await account.rows("SELECT DISTINCT metadata$filename, $1:DT::DATE FROM @out/t1/ (FILE_FORMAT => 'PQ') ORDER BY 1"),
      ).toEqual([
        ['t1/__NULL__/data_0_0_0.snappy.parquet', '18289'],
        ['t1/date=2020-01-28/hour=18/data_0_0_0.snappy.parquet', '18289'],
        ['t1/date=2020-01-28/hour=22/data_0_0_0.snappy.parquet', '18289'],
        ['t1/date=2020-01-29/hour=2/data_0_0_0.snappy.parquet', '18290'],
      ]);
      await expect(unload('@out/t1', 'SINGLE = TRUE')).rejects.toThrow('SINGLE = TRUE with PARTITION BY');
      await expect(account.run("COPY INTO @out/z FROM t1 PARTITION BY ('../' || dt)")).rejects.toThrow('PARTITION BY');
      await expect(account.run('COPY INTO @out/z FROM t1 PARTITION BY (nothing)')).rejects.toThrow("invalid identifier 'NOTHING'");
    });

    it('gives Parquet back as it was', async () => {
      await account.run('COPY INTO @out/p/ FROM t FILE_FORMAT = (TYPE = PARQUET) HEADER = TRUE');
      await account.run('CREATE TABLE u (id INT, name VARCHAR, amount NUMBER(10,2), at TIMESTAMP_NTZ)');
      await account.run('COPY INTO u FROM @out/p/ FILE_FORMAT = (TYPE = PARQUET) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE');
      expect(await account.rows('SELECT * FROM u ORDER BY id')).toEqual(await account.rows('SELECT * FROM t ORDER BY id'));
    });

    it.each(['alone', 'in a transaction'])('keeps whole numbers of more than 64 bits, %s', async (how) => {
      const [few, many] = ['5', '12345678901234567890123'];
      if (how !== 'alone') await account.connection.begin();
      await account.run(
        `COPY INTO @out/n/ FROM (SELECT ${few} AS few, ${many}::NUMBER(38,0) AS many) FILE_FORMAT = (TYPE = PARQUET) HEADER = TRUE`,
      );
      expect(await account.rows("SELECT $1:FEW::VARCHAR, $1:MANY::VARCHAR FROM @out/n/ (FILE_FORMAT => 'PQ')")).toEqual([
        [few, many],
      ]);
      await expect(account.run('COPY INTO @out/z/ FROM (SELECT 1 / 0 AS few) FILE_FORMAT = (TYPE = PARQUET)')).rejects.toThrow(
        'Division by zero',
      );
      if (how !== 'alone') await account.connection.rollback();
    });
  });

  // https://docs.snowflake.com/en/user-guide/querying-stage
  it('answers queries over files', async () => {
    put('a.csv', good);
    expect(
      await account.rows(
        "SELECT $1::INT + 1, $2, metadata$filename, metadata$file_row_number FROM @s/a.csv (FILE_FORMAT => 'HEADED')",
      ),
    ).toEqual([
      ['2', 'Ann, "A"', 'a.csv', '1'],
      ['3', 'bob', 'a.csv', '2'],
    ]);
  });

  it('reads dataset versions by their snow:// names', async () => {
    await account.run("INSERT INTO t VALUES (1, 'a', 1.5, '2024-01-01'), (2, 'b', NULL, NULL)");
    await account.run('COPY INTO @out/versions/v1/ FROM t FILE_FORMAT = (TYPE = PARQUET) HEADER = TRUE');
    const from = `snow://dataset/DB.PUBLIC.OUT/versions/v1/ ( FILE_FORMAT => 'PQ', PATTERN => '.*[.]parquet')`;
    expect(await account.rows(`SELECT $1:"ID"::NUMBER(38,0) AS id, $1:"AT"::TIMESTAMP_NTZ FROM ${from} ORDER BY 1`)).toEqual([
      ['1', '1704067200.000000000'],
      ['2', null],
    ]);
    expect(await account.rows(`SELECT count(1) FROM ${from}`)).toEqual([['2']]);
  });

  // https://docs.snowflake.com/en/sql-reference/functions/infer_schema
  it('infers the schema of files', async () => {
    await account.run("INSERT INTO t VALUES (1, 'a', 1.5, '2024-01-01')");
    await account.run('COPY INTO @out/p/ FROM t FILE_FORMAT = (TYPE = PARQUET) HEADER = TRUE');
    put('h.csv', 'id,ratio,ok,day,note\n1,2.25,true,2024-01-01,x\n20,10.5,false,2024-01-02,\n');
    const infer = (location: string, format: string): Promise<Rows> =>
      account.rows(
        `SELECT column_name, type, expression FROM TABLE(INFER_SCHEMA(LOCATION => '${location}', FILE_FORMAT => '${format}')) ORDER BY order_id`,
      );
    expect(await infer('@out/p/', 'PQ')).toEqual([
      ['ID', 'NUMBER(38, 0)', '$1:ID::NUMBER(38, 0)'],
      ['NAME', 'TEXT', '$1:NAME::TEXT'],
      ['AMOUNT', 'NUMBER(10, 2)', '$1:AMOUNT::NUMBER(10, 2)'],
      ['AT', 'TIMESTAMP_NTZ', '$1:AT::TIMESTAMP_NTZ'],
    ]);
    expect(await infer('@s/h.csv', 'HEADED')).toEqual([
      ['id', 'NUMBER(2, 0)', '$1::NUMBER(2, 0)'],
      ['ratio', 'NUMBER(4, 2)', '$2::NUMBER(4, 2)'],
      ['ok', 'BOOLEAN', '$3::BOOLEAN'],
      ['day', 'DATE', '$4::DATE'],
      ['note', 'TEXT', '$5::TEXT'],
    ]);
  });
});
