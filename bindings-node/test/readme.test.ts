// What the README shows runs, and prints what it says.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const PACKAGE = dirname(require.resolve('thalium/package.json'))

test('the README', () => {
  const [, program] = /```js\n([\s\S]*?)```/.exec(readFileSync(join(PACKAGE, 'README.md'), 'utf8')) ?? []
  assert.ok(program)
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
