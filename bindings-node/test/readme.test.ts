// What the README shows runs, and prints what it says.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const PACKAGE = dirname(require.resolve('thalium/package.json'))

const PROGRAMS = [...readFileSync(join(PACKAGE, 'README.md'), 'utf8').matchAll(/```js\n([\s\S]*?)```/g)].map(([, program]) => program!)

test('the README shows a ledger, a policy, a decision on record, a chart, a case and a callback', () => {
  assert.equal(PROGRAMS.length, 6)
})

for (const [number, program] of PROGRAMS.entries()) test(`the README's program ${number + 1}`, () => {
  const said = [...program.matchAll(/console\.log\(.*\) +\/\/ (.*)/g)].map(([, text]) => text)
  assert.ok(said.length > 1)
  // Beside this file, so that the package is found by its name.
  const file = join(__dirname, `readme-${process.pid}.mjs`)
  writeFileSync(file, program)
  try {
    const told = spawnSync(process.execPath, [file], { encoding: 'utf8' })
    assert.equal(told.status, 0, told.stderr)
    assert.deepEqual(told.stdout.trim().split('\n'), said)
  } finally {
    rmSync(file)
  }
})
