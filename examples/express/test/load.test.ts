// The load test in short, with a server that is killed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from '../load.js'

test('nothing that was acknowledged is lost or doubled when the server is killed', async (t) => {
  const checked = await run({ seconds: 2, clients: 8, print: (line) => t.diagnostic(line) })
  assert.deepEqual([checked.lost, checked.doubled, checked.wrong], [0, 0, []])
  assert.ok(checked.acknowledged > 50)
})
