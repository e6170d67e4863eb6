// The commands of the README, as they are typed.
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { newKey } from 'thalium'
import { start } from '../harness/process.js'
import { Service } from '../harness/service.js'

const root = join(__dirname, '..', '..')
const none = spawnSync('curl', ['--version']).error ? 'there is no curl' : false

test('the commands of the README work', { skip: none }, async () => {
  const service = new Service()
  const tokens = JSON.parse(readFileSync(join(root, 'tokens.example.json'), 'utf8')) as object
  const key = await newKey(join(service.folder, 'key'))
  const running = await start({ data: service.data, tokens, more: ['--key-file', key] })
  try {
    const lines = readFileSync(join(root, 'README.md'), 'utf8').split('\n').filter((line) => line.startsWith('curl '))
    assert.ok(lines.length > 10)
    for (const line of lines) {
      const typed = line.replace('http://127.0.0.1:8080', running.url)
      // `--fail-with-body` makes an error of HTTP one of the command.
      const { stdout } = await promisify(execFile)('sh', ['-c', typed.replace(/^curl /, 'curl -sS --fail-with-body ')])
      assert.ok(stdout.length > 0, typed)
      // Words are sealed: they stand in no history, and are opened in an export.
      if (/history|export/.test(line)) assert.equal(stdout.includes('Lerato'), line.includes('export'), typed)
    }
  } finally {
    await running.end('SIGTERM')
    await service.stop()
  }
})
