// A client to be killed: writes for as long as it lives, with Snowflake's driver, and prints the number of what it was told is done.
// Each number stands twice in a transaction, so that half of one shows. Connection parameters are the JSON text in CONNECTION.
import snowflake from 'snowflake-sdk';

snowflake.configure({ logLevel: 'OFF', additionalLogToConsole: false });
const { account, user, password, port, first } = JSON.parse(process.env.CONNECTION ?? '{}');
const accessUrl = `http://127.0.0.1:${port}`;
const connection = snowflake.createConnection({ account, accessUrl, username: user, password });
await new Promise((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));

const run = (sqlText) =>
  new Promise((resolve, reject) => {
    connection.execute({ sqlText, complete: (error) => (error ? reject(error) : resolve()) });
  });

for (let number = first; ; number += 1) {
  await run('begin');
  await run(`insert into test_db.s.pairs values (${number}, 'left')`);
  await run(`insert into test_db.s.pairs values (${number}, 'right')`);
  await run('commit');
  process.stdout.write(`${number}\n`);
}
