// Ending and starting: nothing that was answered is lost, and the next server takes over.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { start } from '../harness/process.js'
import { OPERATOR, Service, TOKENS } from '../harness/service.js'

let service: Service
beforeEach(async () => {
  service = new Service()
  await service.start()
  await service.prepare()
})
afterEach(() => service.stop())

const deposit = (key: string) =>
  service.ask('POST', '/deposits', { token: OPERATOR, key, body: { account: 'c42:ZAR', amount: '1.00 ZAR' } })

test('a server that is asked to end answers what it has taken', async () => {
  const first = service.running
  const answered: string[] = []
  const clients = Promise.all(Array.from({ length: 16 }, async (_, n) => {
    for (let i = 0; ; i++) {
      const told = await deposit(`k-${n}-${i}`).catch(() => undefined)
      if (told?.status !== 201) return
      answered.push(`k-${n}-${i}`)
    }
  }))
  await pause(300)
  const began = Date.now()
  assert.equal(await first.end('SIGTERM'), 0)
  assert.ok(Date.now() - began < 5_000, 'connections that are kept alive hold it up')
  await clients
  assert.ok(answered.length > 16)
  await service.start()
  for (const key of answered) assert.deepEqual([key, (await deposit(key)).status], [key, 200])
})

test('the next server waits for the one before', async () => {
  const first = service.running
  const next = start({ data: service.data, tokens: TOKENS })
  const early = await Promise.race([next.then(() => 'started'), pause(700, 'waits')])
  assert.equal(early, 'waits')
  assert.equal((await deposit('while-it-waits')).status, 201)
  assert.equal(await first.end('SIGINT'), 0)
  const second = await next
  try {
    const answer = await fetch(`${second.url}/accounts/c42:ZAR`, { headers: { authorization: `Bearer ${OPERATOR}` } })
    assert.equal(((await answer.json()) as { balance: string }).balance, '251.00 ZAR')
  } finally {
    await second.end('SIGTERM')
  }
})

test('what cannot be started says why', () => {
  const server = (args: string[], env = {}) =>
    spawnSync(process.execPath, [join(__dirname, '..', 'src', 'server.js'), '--port', '0', '--data', join(service.folder, 'other'), ...args], {
      env: { PATH: process.env.PATH, ...env }, encoding: 'utf8', timeout: 20_000,
    })
  const tokens = { TOKENS: JSON.stringify(TOKENS) }
  for (const [told, error] of [
    [server([]), /name a file with --tokens/],
    [server(['--assets', 'zar'], tokens), /assets: "zar" is none/],
    [server(['--port', '70000'], tokens), /port: give a whole number/],
    [server(['--data', service.data, '--grace', '100'], tokens), /another writer/],
  ] as const) {
    assert.equal(told.status, 1)
    assert.match(told.stderr, error)
  }
})
