import { describe, expect, test } from 'vitest';
import { useScriptSession } from './support.ts';

const { run, value } = useScriptSession();

/** An example of the documentation: what it needs, what it runs, what the page shows as its answer. */
type Example = readonly [title: string, setup: readonly string[], block: string, answer: unknown];

function examples(page: string, cases: readonly Example[]): void {
  describe(`page ${page}`, () => {
    test.each(cases)('%s', async (_title, setup, block, answer) => {
      for (const statement of setup) await run(statement);
      expect(await value(block)).toEqual(answer);
    });
  });
}

examples('developer-guide/snowflake-scripting/blocks', [
  [
    'an anonymous block',
    [],
    `DECLARE
       radius_of_circle FLOAT;
       area_of_circle FLOAT;
     BEGIN
       radius_of_circle := 3;
       area_of_circle := PI() * radius_of_circle * radius_of_circle;
       RETURN area_of_circle;
     END;`,
    28.274333882308138,
  ],
  [
    'a block in a stored procedure',
    [
      `CREATE OR REPLACE PROCEDURE area()
       RETURNS FLOAT
       LANGUAGE SQL
       AS
       DECLARE
         radius FLOAT;
         area_of_circle FLOAT;
       BEGIN
         radius := 3;
         area_of_circle := PI() * radius * radius;
         RETURN area_of_circle;
       END;`,
    ],
    'CALL area()',
    28.274333882308138,
  ],
  [
    'a block that creates tables',
    ['DROP TABLE IF EXISTS parent', 'DROP TABLE IF EXISTS child'],
    `EXECUTE IMMEDIATE $$
     BEGIN
       CREATE TABLE parent (ID INTEGER);
       CREATE TABLE child (ID INTEGER, parent_ID INTEGER);
       RETURN 'Completed';
     END;
     $$;`,
    'Completed',
  ],
]);

examples('developer-guide/snowflake-scripting/variables', [
  [
    'types and DEFAULT',
    [],
    `DECLARE
       profit number(38, 2) DEFAULT 0.0;
     BEGIN
       LET cost number(38, 2) := 100.0;
       LET revenue number(38, 2) DEFAULT 110.0;
       profit := revenue - cost;
       RETURN profit;
     END;`,
    10,
  ],
  [
    'types inferred from the values',
    [],
    `EXECUTE IMMEDIATE $$
     DECLARE
       profit DEFAULT 0.0;
     BEGIN
       LET cost := 100.0;
       LET revenue DEFAULT 110.0;
       profit := revenue - cost;
       RETURN profit;
     END;
     $$;`,
    10,
  ],
  [
    'SELECT … INTO',
    ['CREATE OR REPLACE TABLE some_data (id INTEGER, name VARCHAR)', "INSERT INTO some_data (id, name) VALUES (1, 'a'), (2, 'b')"],
    `DECLARE
       id INTEGER;
       name VARCHAR;
     BEGIN
       SELECT id, name INTO :id, :name FROM some_data WHERE id = 1;
       RETURN id || ' ' || name;
     END;`,
    '1 a',
  ],
  [
    'casts',
    [],
    `DECLARE
       w INTEGER;
       x INTEGER DEFAULT 0;
       dt DATE;
       result_string VARCHAR;
     BEGIN
       w := 1;                     -- Assign a value.
       w := 24 * 7;                -- Assign the result of an expression.
       dt := '2020-09-30'::DATE;   -- Explicit cast.
       dt := '2020-09-30';         -- Implicit cast.
       result_string := w::VARCHAR || ', ' || dt::VARCHAR;
       RETURN result_string;
     END;`,
    '168, 2020-09-30',
  ],
]);

examples('developer-guide/snowflake-scripting/branch', [
  [
    'IF',
    [],
    `BEGIN
       LET count := 1;
       IF (count < 0) THEN
         RETURN 'negative value';
       ELSEIF (count = 0) THEN
         RETURN 'zero';
       ELSE
         RETURN 'positive value';
       END IF;
     END;`,
    'positive value',
  ],
  [
    'simple CASE',
    [],
    `DECLARE
       expression_to_evaluate VARCHAR DEFAULT 'default value';
     BEGIN
       expression_to_evaluate := 'value a';
       CASE (expression_to_evaluate)
         WHEN 'value a' THEN
           RETURN 'x';
         WHEN 'value b' THEN
           RETURN 'y';
         ELSE
           RETURN 'other';
       END;
     END;`,
    'x',
  ],
  [
    'searched CASE',
    [],
    `DECLARE
       a VARCHAR DEFAULT 'x';
       b VARCHAR DEFAULT 'y';
     BEGIN
       CASE
         WHEN a = 'x' THEN
           RETURN 'a is x';
         WHEN b = 'y' THEN
           RETURN 'b is y';
         ELSE
           RETURN 'neither';
       END;
     END;`,
    'a is x',
  ],
]);

examples('developer-guide/snowflake-scripting/loops', [
  [
    'counter-based FOR with SQL',
    [],
    `DECLARE
       counter INTEGER DEFAULT 0;
       maximum_count INTEGER default 5;
     BEGIN
       CREATE OR REPLACE TABLE test_for_loop_insert(i INTEGER);
       FOR i IN 1 TO maximum_count DO
         INSERT INTO test_for_loop_insert VALUES (:i);
         counter := counter + 1;
       END FOR;
       RETURN counter || ' rows inserted';
     END;`,
    '5 rows inserted',
  ],
  [
    'a date dimension',
    [],
    `DECLARE
       start_date DATE DEFAULT '2025-01-01';
       current_date_val DATE;
     BEGIN
       CREATE OR REPLACE TABLE date_dimension (
         date_key INTEGER, full_date DATE, day_of_week VARCHAR, month_name VARCHAR, quarter INTEGER, year INTEGER);
       FOR i IN 1 TO 7 DO
         current_date_val := DATEADD('day', :i - 1, :start_date);
         INSERT INTO date_dimension
           SELECT :i, :current_date_val, DAYNAME(:current_date_val),
             MONTHNAME(:current_date_val), QUARTER(:current_date_val),
             YEAR(:current_date_val);
       END FOR;
       RETURN (SELECT LISTAGG(day_of_week, ' ') WITHIN GROUP (ORDER BY date_key) FROM date_dimension);
     END;`,
    'Wed Thu Fri Sat Sun Mon Tue',
  ],
  [
    'cursor-based FOR',
    ['CREATE OR REPLACE TABLE invoices (price NUMBER(12, 2))', 'INSERT INTO invoices (price) VALUES (11.11), (22.22)'],
    `DECLARE
       total_price FLOAT;
       c1 CURSOR FOR SELECT price FROM invoices;
     BEGIN
       total_price := 0.0;
       FOR record IN c1 DO
         total_price := total_price + record.price;
       END FOR;
       RETURN total_price;
     END;`,
    33.33,
  ],
  [
    'a raise for each employee',
    [
      'CREATE OR REPLACE TABLE loop_test_employees (emp_id INTEGER, name VARCHAR, department VARCHAR, salary NUMBER(12,2))',
      `INSERT INTO loop_test_employees VALUES (1, 'Alice', 'Engineering', 90000), (2, 'Bob', 'Sales', 70000),
         (3, 'Carol', 'Engineering', 95000), (4, 'Dave', 'Sales', 72000)`,
      'CREATE OR REPLACE TABLE salary_audit (emp_id INTEGER, old_salary NUMBER(12,2), new_salary NUMBER(12,2), updated_on TIMESTAMP)',
    ],
    `DECLARE
       rows_updated INTEGER DEFAULT 0;
       raise_pct INTEGER;
       new_salary NUMBER(12,2);
       cur_emp_id INTEGER;
       cur_salary NUMBER(12,2);
       c1 CURSOR FOR SELECT emp_id, department, salary FROM loop_test_employees;
     BEGIN
       FOR record IN c1 DO
         cur_emp_id := record.emp_id;
         cur_salary := record.salary;
         IF (record.department = 'Engineering') THEN
           raise_pct := 10;
         ELSE
           raise_pct := 5;
         END IF;
         new_salary := :cur_salary * (1 + :raise_pct / 100);
         UPDATE loop_test_employees SET salary = :new_salary WHERE emp_id = :cur_emp_id;
         INSERT INTO salary_audit
           SELECT :cur_emp_id, :cur_salary, :new_salary, CURRENT_TIMESTAMP();
         rows_updated := rows_updated + 1;
       END FOR;
       RETURN (SELECT LISTAGG(new_salary, ' ') WITHIN GROUP (ORDER BY emp_id) FROM salary_audit);
     END;`,
    '99000.00 73500.00 104500.00 75600.00',
  ],
  [
    'RESULTSET-based FOR',
    [
      `CREATE OR REPLACE TABLE loop_test_customers (customer_id INTEGER, customer_name VARCHAR, customer_email VARCHAR,
         customer_phone VARCHAR, status VARCHAR DEFAULT 'pending_review')`,
      `INSERT INTO loop_test_customers (customer_id, customer_name, customer_email, customer_phone) VALUES
         (1, 'Alice Smith', 'alice@example.com', '800-555-0101'), (2, 'Bob Jones', NULL, '800-555-0102'),
         (3, 'Carol White', 'carol@example.com', NULL), (4, 'Dave Brown', NULL, NULL),
         (5, 'Eve Davis', 'eve@example.com', '800-555-0105')`,
    ],
    `DECLARE
       rs RESULTSET;
       valid_count INTEGER DEFAULT 0;
       invalid_count INTEGER DEFAULT 0;
       cur_customer_id INTEGER;
     BEGIN
       rs := (SELECT customer_id, customer_email, customer_phone FROM loop_test_customers WHERE status = 'pending_review');
       FOR record IN rs DO
         cur_customer_id := record.customer_id;
         IF (record.customer_email IS NOT NULL AND record.customer_phone IS NOT NULL) THEN
           UPDATE loop_test_customers SET status = 'verified' WHERE customer_id = :cur_customer_id;
           valid_count := valid_count + 1;
         ELSE
           UPDATE loop_test_customers SET status = 'incomplete' WHERE customer_id = :cur_customer_id;
           invalid_count := invalid_count + 1;
         END IF;
       END FOR;
       RETURN 'Verified: ' || valid_count || ', Incomplete: ' || invalid_count;
     END;`,
    'Verified: 2, Incomplete: 3',
  ],
  [
    'WHILE',
    [
      'CREATE OR REPLACE TABLE loop_test_raw_transactions (txn_id INTEGER, amount NUMBER(12,2), txn_date DATE, loaded BOOLEAN DEFAULT FALSE)',
      `INSERT INTO loop_test_raw_transactions (txn_id, amount, txn_date) VALUES (1, 150.00, '2025-03-01'), (2, 230.50, '2025-03-01'),
         (3, 89.99, '2025-03-01'), (4, 412.00, '2025-03-02'), (5, 55.25, '2025-03-03'), (6, 178.75, '2025-03-03')`,
      'CREATE OR REPLACE TABLE loop_test_daily_sales_summary (summary_date DATE, total_sales NUMBER(12,2), txn_count INTEGER)',
    ],
    `DECLARE
       next_date DATE;
     BEGIN
       next_date := (SELECT MIN(txn_date) FROM loop_test_raw_transactions WHERE NOT loaded);
       WHILE (next_date IS NOT NULL) DO
         INSERT INTO loop_test_daily_sales_summary
           SELECT txn_date, SUM(amount), COUNT(*)
           FROM loop_test_raw_transactions
           WHERE txn_date = :next_date AND NOT loaded
           GROUP BY txn_date;
         UPDATE loop_test_raw_transactions SET loaded = TRUE WHERE txn_date = :next_date;
         next_date := (SELECT MIN(txn_date) FROM loop_test_raw_transactions WHERE NOT loaded);
       END WHILE;
       RETURN (SELECT LISTAGG(total_sales, ' ') WITHIN GROUP (ORDER BY summary_date) FROM loop_test_daily_sales_summary);
     END;`,
    '470.49 412.00 234.00',
  ],
  [
    'REPEAT',
    [
      'CREATE OR REPLACE TABLE loop_test_orders_staging (order_id INTEGER, customer VARCHAR, amount NUMBER(12,2))',
      `INSERT INTO loop_test_orders_staging VALUES (101, 'TestA Corp', 500.00), (102, 'TestB Corp', 1200.00), (103, 'TestA Corp', 300.00),
         (104, 'TestC Corp', 750.00), (105, 'TestB Corp', 425.00), (106, 'TestC Corp', 980.00)`,
      'CREATE OR REPLACE TABLE loop_test_orders_processed (order_id INTEGER, customer VARCHAR, amount NUMBER(12,2), batch_id INTEGER)',
    ],
    `DECLARE
       batch_size INTEGER DEFAULT 2;
       batch_id INTEGER DEFAULT 1;
       remaining INTEGER;
     BEGIN
       remaining := (SELECT COUNT(*) FROM loop_test_orders_staging);
       REPEAT
         INSERT INTO loop_test_orders_processed
           SELECT order_id, customer, amount, :batch_id
           FROM loop_test_orders_staging
           ORDER BY order_id
           LIMIT :batch_size;
         DELETE FROM loop_test_orders_staging WHERE order_id IN (
           SELECT order_id
             FROM loop_test_orders_processed
             WHERE batch_id = :batch_id
         );
         batch_id := batch_id + 1;
         remaining := (SELECT COUNT(*) FROM loop_test_orders_staging);
       UNTIL (remaining = 0)
       END REPEAT;
       RETURN 'Processed all orders in ' || (batch_id - 1) || ' batches';
     END;`,
    'Processed all orders in 3 batches',
  ],
  [
    'LOOP and BREAK',
    [],
    `BEGIN
       LET counter := 5;
       LOOP
         IF (counter = 0) THEN
           BREAK;
         END IF;
         counter := counter - 1;
       END LOOP;
       RETURN counter;
     END;`,
    0,
  ],
  [
    'labels',
    [],
    `BEGIN
       LET inner_counter := 0;
       LET outer_counter := 0;
       LOOP
         LOOP
           IF (inner_counter < 5) THEN
             inner_counter := inner_counter + 1;
             CONTINUE OUTER;
           ELSE
             BREAK OUTER;
           END IF;
         END LOOP INNER;
         outer_counter := outer_counter + 1;
         BREAK;
       END LOOP OUTER;
       RETURN ARRAY_CONSTRUCT(outer_counter, inner_counter);
     END;`,
    [0, 5],
  ],
]);

examples('sql-reference/snowflake-scripting/{for,while,break,continue}', [
  [
    'REVERSE',
    [
      `CREATE OR REPLACE PROCEDURE reverse_loop(iteration_limit INTEGER)
       RETURNS VARCHAR
       LANGUAGE SQL
       AS
       $$
           DECLARE
               values_of_i VARCHAR DEFAULT '';
           BEGIN
               FOR i IN REVERSE 1 TO iteration_limit DO
                   values_of_i := values_of_i || ' ' || i::varchar;
               END FOR;
               RETURN values_of_i;
           END;
       $$`,
    ],
    'CALL reverse_loop(3)',
    ' 3 2 1',
  ],
  [
    'the counter hides a variable of its name',
    [
      `CREATE OR REPLACE PROCEDURE p(iteration_limit INTEGER)
       RETURNS VARCHAR
       LANGUAGE SQL
       AS
       $$
           DECLARE
               counter INTEGER DEFAULT 0;
               i INTEGER DEFAULT -999;
               return_value VARCHAR DEFAULT '';
           BEGIN
               FOR i IN 1 TO iteration_limit DO
                   counter := counter + 1;
               END FOR;
               return_value := 'counter: ' || counter::varchar || '\\n';
               return_value := return_value || 'i: ' || i::VARCHAR;
               RETURN return_value;
           END;
       $$`,
    ],
    'CALL p(3)',
    'counter: 3\ni: -999',
  ],
  [
    'a text variable takes the text of a timestamp',
    [],
    `EXECUTE IMMEDIATE $$
     BEGIN
       LET mydate := '2024-05-08';
       WHILE (mydate < '2024-05-20') DO
         mydate := DATEADD(day, 1, mydate);
       END WHILE;
       RETURN mydate;
     END;
     $$`,
    '2024-05-20 00:00:00.000',
  ],
  [
    'BREAK of an outer loop',
    [],
    `DECLARE
       i INTEGER;
       j INTEGER;
     BEGIN
       i := 1;
       j := 1;
       WHILE (i <= 4) DO
         WHILE (j <= 4) DO
           -- Exit when j is 3, even if i is still 1.
           IF (j = 3) THEN
             BREAK outer_loop;
           END IF;
           j := j + 1;
         END WHILE inner_loop;
         i := i + 1;
       END WHILE outer_loop;
       -- Execution resumes here after the BREAK executes.
       RETURN i;
     END;`,
    1,
  ],
  [
    'CONTINUE',
    [],
    `DECLARE
       counter1 NUMBER(8, 0);
       counter2 NUMBER(8, 0);
     BEGIN
       counter1 := 0;
       counter2 := 0;
       WHILE (counter1 < 3) DO
         counter1 := counter1 + 1;
         CONTINUE;
         counter2 := counter2 + 1;
       END WHILE;
       RETURN counter2;
     END;`,
    0,
  ],
]);

const invoices = [
  'CREATE OR REPLACE TABLE invoices (id INTEGER, price NUMBER(12, 2))',
  'INSERT INTO invoices (id, price) VALUES (1, 11.11), (2, 22.22)',
];

examples('developer-guide/snowflake-scripting/cursors', [
  [
    'OPEN … USING',
    invoices,
    `DECLARE
       id INTEGER DEFAULT 0;
       minimum_price NUMBER(13,2) DEFAULT 22.00;
       maximum_price NUMBER(13,2) DEFAULT 33.00;
       c1 CURSOR FOR SELECT id FROM invoices WHERE price > ? AND price < ?;
     BEGIN
       OPEN c1 USING (minimum_price, maximum_price);
       FETCH c1 INTO id;
       RETURN id;
     END;`,
    2,
  ],
  [
    'FETCH',
    invoices,
    `DECLARE
       row_price FLOAT;
       total_price FLOAT;
       c1 CURSOR FOR SELECT price FROM invoices;
     BEGIN
       row_price := 0.0;
       total_price := 0.0;
       OPEN c1;
       FETCH c1 INTO row_price;
       total_price := total_price + row_price;
       FETCH c1 INTO row_price;
       total_price := total_price + row_price;
       CLOSE c1;
       RETURN total_price;
     END;`,
    33.33,
  ],
]);

examples('developer-guide/snowflake-scripting/dml-status', [
  [
    'SQLROWCOUNT',
    ['CREATE OR REPLACE TABLE my_values (value NUMBER)'],
    `BEGIN
       LET sql_row_count_var INT := 0;
       INSERT INTO my_values VALUES (1), (2), (3);
       sql_row_count_var := SQLROWCOUNT;
       SELECT * from my_values;
       RETURN sql_row_count_var;
     END;`,
    3,
  ],
  ...['Updated 2 rows.', 'No rows updated.'].map((answer): Example => [
    `SQLFOUND and SQLNOTFOUND: ${answer}`,
    [],
    `BEGIN
       LET sql_row_count_var INT := 0;
       LET sql_found_var BOOLEAN := NULL;
       LET sql_notfound_var BOOLEAN := NULL;
       IF ((SELECT MAX(value) FROM my_values) > 2) THEN
         UPDATE my_values SET value = 4 WHERE value < 3;
         sql_row_count_var := SQLROWCOUNT;
         sql_found_var := SQLFOUND;
         sql_notfound_var := SQLNOTFOUND;
       END IF;
       SELECT * from my_values;
       IF (sql_found_var = true) THEN
         RETURN 'Updated ' || sql_row_count_var || ' rows.';
       ELSEIF (sql_notfound_var = true) THEN
         RETURN 'No rows updated.';
       ELSE
         RETURN 'No DML statements executed.';
       END IF;
     END;`,
    answer,
  ]),
  [
    'ACTIVITY_COUNT',
    ['CREATE OR REPLACE TABLE my_values (value NUMBER)'],
    `BEGIN
       INSERT INTO my_values VALUES (1), (2), (3);
       LET insert_count INT := ACTIVITY_COUNT;
       SELECT * FROM my_values WHERE value > 1;
       LET select_count INT := ACTIVITY_COUNT;
       RETURN 'Inserted ' || insert_count || ' rows, query returned ' || select_count || ' rows.';
     END;`,
    'Inserted 3 rows, query returned 2 rows.',
  ],
]);

examples('sql-reference/snowflake-scripting/exception', [
  [
    'one of several exceptions',
    [],
    `DECLARE
       result VARCHAR;
       exception_1 EXCEPTION (-20001, 'I caught the expected exception.');
       exception_2 EXCEPTION (-20002, 'Not the expected exception!');
     BEGIN
       result := 'If you see this, I did not catch any exception.';
       IF (TRUE) THEN
         RAISE exception_1;
       END IF;
       RETURN result;
     EXCEPTION
       WHEN exception_2 THEN
         RETURN SQLERRM;
       WHEN exception_1 THEN
         RETURN SQLERRM;
     END;`,
    'I caught the expected exception.',
  ],
  [
    'CONTINUE goes on behind the branch',
    [],
    `DECLARE
       exception_1 EXCEPTION (-20001, 'Catch and continue');
     BEGIN
       LET counter := 0;
       IF (TRUE) THEN
         RAISE exception_1;
       END IF;
       counter := counter + 10;
       RETURN 'Counter value: ' || counter;
     EXCEPTION
       WHEN exception_1 CONTINUE THEN
         counter := counter +1;
     END;`,
    'Counter value: 11',
  ],
  [
    'CONTINUE goes on with the next iteration',
    ['CREATE OR REPLACE TABLE error_log_table (handler_type VARCHAR, error_message VARCHAR)'],
    `EXECUTE IMMEDIATE $$
     DECLARE
       x INT := 0;
     BEGIN
       FOR i IN 0 TO 5 DO
         x := 10/i;
       END FOR;
       RETURN x;
     EXCEPTION
       WHEN EXPRESSION_ERROR CONTINUE THEN
         INSERT INTO error_log_table SELECT 'continue_type', :SQLERRM;
     END;
     $$;`,
    2,
  ],
  ['… and its handler ran once', [], 'SELECT LISTAGG(error_message) FROM error_log_table', 'Division by zero'],
  [
    'an exception of an outer block',
    [],
    `DECLARE
       e1 EXCEPTION (-20001, 'Exception e1');
     BEGIN
       -- Inner block.
       DECLARE
         e2 EXCEPTION (-20002, 'Exception e2');
         selector BOOLEAN DEFAULT TRUE;
       BEGIN
         IF (selector) THEN
           RAISE e1;
         ELSE
           RAISE e2;
         END IF;
       END;
     EXCEPTION
       WHEN e1 THEN
         RETURN SQLERRM || ' caught in outer block.';
     END;`,
    'Exception e1 caught in outer block.',
  ],
  [
    'two exceptions of one name',
    [],
    `DECLARE
       result VARCHAR;
       e1 EXCEPTION (-20001, 'Outer exception e1');
     BEGIN
       result := 'No error so far (but there will be).';
       DECLARE
         e1 EXCEPTION (-20101, 'Inner exception e1');
       BEGIN
         RAISE e1;
       EXCEPTION
         WHEN e1 THEN
           result := 'Inner exception raised.';
           RETURN result;
       END;
       RETURN result;
     EXCEPTION
       WHEN e1 THEN
         result := 'Outer exception raised.';
         RETURN result;
     END;`,
    'Inner exception raised.',
  ],
  [
    'SQLCODE, SQLERRM and SQLSTATE',
    [],
    `DECLARE
       MY_EXCEPTION EXCEPTION (-20001, 'Sample message');
     BEGIN
       RAISE MY_EXCEPTION;
     EXCEPTION
       WHEN STATEMENT_ERROR THEN
         RETURN OBJECT_CONSTRUCT('Error type', 'STATEMENT_ERROR', 'SQLCODE', SQLCODE, 'SQLERRM', SQLERRM, 'SQLSTATE', SQLSTATE);
       WHEN EXPRESSION_ERROR THEN
         RETURN OBJECT_CONSTRUCT('Error type', 'EXPRESSION_ERROR', 'SQLCODE', SQLCODE, 'SQLERRM', SQLERRM, 'SQLSTATE', SQLSTATE);
       WHEN OTHER THEN
         RETURN OBJECT_CONSTRUCT('Error type', 'Other error', 'SQLCODE', SQLCODE, 'SQLERRM', SQLERRM, 'SQLSTATE', SQLSTATE);
     END;`,
    { 'Error type': 'Other error', SQLCODE: -20001, SQLERRM: 'Sample message', SQLSTATE: 'P0001' },
  ],
]);

examples('developer-guide/snowflake-scripting/exceptions', [
  [
    'a variable in a handler',
    [],
    `DECLARE
       counter_val INTEGER DEFAULT 0;
       my_exception EXCEPTION (-20002, 'My exception text');
     BEGIN
       WHILE (counter_val < 12) DO
         counter_val := counter_val + 1;
         IF (counter_val > 10) THEN
           RAISE my_exception;
         END IF;
       END WHILE;
       RETURN counter_val;
     EXCEPTION
       WHEN my_exception THEN
         RETURN 'Error ' || sqlcode || ': Counter value ' || counter_val || ' exceeds the limit of 10.';
     END;`,
    'Error -20002: Counter value 11 exceeds the limit of 10.',
  ],
  ...(
    [
      [7, 'Order inserted successfully.'],
      [-3, 'Error -20002: Submitted amount -3 is too low (1 or greater required).'],
      [20, 'Error -20003: Submitted amount 20 is too high (exceeds limit of 10).'],
    ] as const
  ).map(([amount, answer]): Example => [
    `an argument in a handler: ${String(amount)}`,
    [
      `CREATE OR REPLACE PROCEDURE exception_test_vars(amount INT)
         RETURNS TEXT
         LANGUAGE SQL
       AS
       DECLARE
         my_exception_1 EXCEPTION (-20002, 'Value too low');
         my_exception_2 EXCEPTION (-20003, 'Value too high');
       BEGIN
         CREATE OR REPLACE TABLE test_order_insert(units INT);
         IF (amount < 1) THEN
           RAISE my_exception_1;
         ELSEIF (amount > 10) THEN
           RAISE my_exception_2;
         ELSE
           INSERT INTO test_order_insert VALUES (:amount);
         END IF;
         RETURN 'Order inserted successfully.';
       EXCEPTION
         WHEN my_exception_1 THEN
           RETURN 'Error ' || sqlcode || ': Submitted amount ' || amount || ' is too low (1 or greater required).';
         WHEN my_exception_2 THEN
           RETURN 'Error ' || sqlcode || ': Submitted amount ' || amount || ' is too high (exceeds limit of 10).';
       END;`,
    ],
    `CALL exception_test_vars(${String(amount)})`,
    answer,
  ]),
]);

examples('sql-reference/snowflake-scripting/null', [
  [
    'NULL in a handler; a body without RETURN answers NULL',
    [
      `CREATE OR REPLACE PROCEDURE null_as_statement()
       RETURNS VARCHAR
       LANGUAGE SQL
       AS
       $$
       BEGIN
         SELECT 1 / 0;
         RETURN 'If you see this, the exception was not thrown/caught properly.';
       EXCEPTION
         WHEN OTHER THEN
             NULL;
       END;
       $$`,
    ],
    'CALL null_as_statement()',
    null,
  ],
]);

describe('developer-guide/snowflake-scripting/query-id', () => {
  test('SQLID is the id of the last statement, whose result can be read', async () => {
    const ids = (await value(
      `DECLARE
         query_id_1 VARCHAR;
         query_id_2 VARCHAR;
       BEGIN
         SELECT 1 AS a;
         query_id_1 := SQLID;
         SELECT 2 AS a;
         query_id_2 := SQLID;
         RETURN [query_id_1, query_id_2];
       END;`,
    )) as string[];
    expect(await run(`SELECT a FROM TABLE(RESULT_SCAN('${ids[0] ?? ''}'))`)).toEqual([{ A: 1 }]);
    expect(await run(`SELECT a FROM TABLE(RESULT_SCAN('${ids[1] ?? ''}'))`)).toEqual([{ A: 2 }]);
    expect(await value('BEGIN RETURN SQLID; END')).toBeNull();
  });
});
