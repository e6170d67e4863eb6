// A ledger in the hands of a Node programmer.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import {
  ClosedError, InvalidError, KeysError, LockedError, MissingError, Money, OccupiedError, ReadOnlyError, Thalium, ThaliumError,
  Timestamp, backup, codes, commands, currency, inspect, newId, newKey, rehearse, restore, upgrade, verify, verifySync,
} from 'thalium'

const zar = currency('ZAR')
const folder = mkdtempSync(join(tmpdir(), 'thalium-node-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)

async function chart(t: Thalium): Promise<void> {
  await t.assets.create({ code: 'BTC', scale: 8 })
  await t.accounts.create({ key: 'bank:ZAR', asset: 'ZAR', kind: 'asset' })
  await t.accounts.create({ key: 'c1:ZAR', asset: 'ZAR', kind: 'liability' })
  await t.accounts.create({ key: 'c2:ZAR', asset: 'ZAR', kind: 'liability' })
}

async function open(): Promise<Thalium> {
  const t = Thalium.memory({ actor: 'desk' })
  await chart(t)
  return t
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

const same = (a: Money | undefined, b: string): void => assert.equal(a?.toString(), b)

test('the ten lines', async () => {
  await using t = await open()
  const p = await t.post({ key: 'dep-9', from: 'bank:ZAR', to: 'c1:ZAR', amount: zar('250.00'), metadata: { aWire: '77' } })
  assert.ok(p.ok)
  same(p.amount, '250.00 ZAR')
  const h = await t.hold({ key: 'ord-7', from: 'c1:ZAR', to: 'c2:ZAR', amount: '100' })
  same((await t.capture({ key: 'fill-1', hold: h, amount: zar('60') })).amount, '60.00 ZAR')
  same((await t.accounts.get('c1:ZAR'))?.available, '190.00 ZAR')
  assert.equal(await t.accounts.get('nobody'), undefined)
  assert.deepEqual((await all(t.history('c1:ZAR'))).map((entry) => entry.what), ['post', 'hold', 'capture'])
  same((await t.statement('c1:ZAR'))?.closing, '190.00 ZAR')
  assert.deepEqual((await all(t.transfers.list({ account: 'c1:ZAR', newestFirst: true, limit: 2 }))).map((one) => one.key), ['fill-1', 'ord-7'])
  assert.deepEqual((await t.transfers.get('dep-9'))?.metadata, { aWire: '77' })
  const legs = [{ account: 'c1:ZAR', side: 'debit', amount: '5.00' }, { account: 'c2:ZAR', side: 'credit', amount: zar('5') }] as const
  assert.ok((await t.transaction({ key: 'trade-1', legs })).ok)
  same((await t.transfers.ofTransaction('trade-1'))[0]?.amount, '5.00 ZAR')
  same((await t.transfer({ key: 'all', from: 'c2:ZAR', to: 'bank:ZAR', amount: 'max', flags: ['balancing_debit'] })).amount, '65.00 ZAR')
  assert.ok((await t.trialBalance())[0]?.balanced)
})

test('a rejection is a value and a retry books nothing', async () => {
  await using t = await open()
  await t.post({ key: 'a', from: 'bank:ZAR', to: 'c1:ZAR', amount: '1.00' })
  const refused = await t.post({ key: 'b', from: 'c1:ZAR', to: 'bank:ZAR', amount: '1.01' })
  assert.deepEqual([refused.ok, refused.status, refused.account], [false, 'exceeds_credits', 'c1:ZAR'])
  same(refused.have, '1.00 ZAR')
  assert.ok((await t.post({ key: 'a', from: 'bank:ZAR', to: 'c1:ZAR', amount: '1.00' })).replayed)
  const linked = [commands.post({ key: 'x', from: 'bank:ZAR', to: 'c1:ZAR', amount: '1', linked: true }), commands.post({ key: 'y', from: 'nobody', to: 'c1:ZAR', amount: '1 ZAR' })]
  assert.deepEqual((await t.submit(linked)).map((told) => told.status), ['linked_event_failed', 'debit_account_not_found'])
  await assert.rejects(t.release({ key: 'r', hold: { ok: false } as never }), RangeError)
})

test('money is no bare number', async () => {
  await using t = await open()
  for (const amount of [1.5, 1, 1n, true, null, {}]) {
    await assert.rejects(t.post({ key: 'a', from: 'bank:ZAR', to: 'c1:ZAR', amount: amount as unknown as string }), TypeError)
  }
  assert.equal(await t.transfers.get('a'), undefined)
})

test('what makes no sense is rejected with a code', async () => {
  await using t = await open()
  for (const [wrong, field] of [
    [() => t.submit([{ op: 'post', amonut: '1' }]), 'commands[0].amonut'],
    [() => t.submit([{ op: 'post', amount: 1.5 }]), 'commands[0].amount'],
    [() => t.historyPage('nobody'), 'account'],
    [() => t.transfers.page({ from: 'noon' }), 'from'],
    [() => t.submit([], { now: 'noon' }), 'now'],
    [() => t.hold({ key: 'h', from: 'c1:ZAR', amount: '1', timeout: 1.5 }), 'commands[0].timeout'],
  ] as const) {
    await assert.rejects(wrong(), (error: unknown) => {
      assert.ok(error instanceof InvalidError && error instanceof ThaliumError && error instanceof Error)
      assert.deepEqual([error.code, error.field, error.name], ['invalid', field, 'InvalidError'])
      return true
    })
  }
  assert.ok(codes().has('panicked'))
})

test('readers stand beside the writer', async () => {
  await assert.rejects(Thalium.open(at('none'), { create: false }), MissingError)
  await using t = await Thalium.open(`file:${at('books')}`)
  await chart(t)
  await assert.rejects(Thalium.open(at('books')), LockedError)
  await assert.rejects(t.rotateKeys(), KeysError)
  await using reader = await Thalium.open(at('books'), { readOnly: true })
  await assert.rejects(reader.post({ key: 'a', from: 'bank:ZAR', to: 'c1:ZAR', amount: '1' }), ReadOnlyError)
  const size = (await reader.root()).events
  await t.post({ key: 'a', from: 'bank:ZAR', to: 'c1:ZAR', amount: '1' })
  same((await reader.accounts.get('c1:ZAR'))?.balance, '1.00 ZAR')
  await using then = await Thalium.open(at('books'), { at: size })
  same((await then.accounts.get('c1:ZAR'))?.balance, '0.00 ZAR')
  assert.equal((await reader.health()).condition, 'reading')
  await t.drain()
  await assert.rejects(t.post({ key: 'b', from: 'bank:ZAR', to: 'c1:ZAR', amount: '1' }), { code: 'draining' })
  await assert.rejects(Thalium.open('ftp://x'), { code: 'address' })
})

test('files are backed up, verified and restored', async () => {
  const keys = { keyFile: await newKey(at('key')) }
  const t = await Thalium.open(at('sealed'), { keys })
  await chart(t)
  assert.deepEqual([await t.rotateKeys(), await t.checkKeys()], [2, 2])
  const { root } = await t.root()
  const copied = await backup(at('sealed'), at('copy'), { keys })
  assert.equal(copied.root, root)
  await t.rewrapKeys({ passphrase: 'correct horse battery staple' })
  await t.close()
  await assert.rejects(verify(at('sealed'), { keys }), KeysError)
  const report = verifySync(at('sealed'), { keys: { passphrase: 'correct horse battery staple' } })
  assert.deepEqual([report.root, report.accounts, report.torn], [root, 3, undefined])
  assert.equal((await rehearse(at('copy'), { keys })).stateHash, report.stateHash)
  assert.equal((await restore(at('copy'), at('new'), { keys, decrypt: true })).root, root)
  await assert.rejects(restore(at('copy'), at('new'), { keys }), OccupiedError)
  assert.equal((await inspect(at('new'))).data_keys, 0)
  assert.deepEqual([await upgrade(at('new'), { check: true }), await upgrade(at('new'))], [[], []])
})

test('balances and volumes are told bucket by bucket', async () => {
  await using t = Thalium.memory()
  const at = (hour: number, minute = 0): Timestamp => Timestamp.from(new Date(Date.UTC(2026, 0, 30, hour, minute)))
  const account = (key: string, kind: 'asset' | 'liability') => commands.account({ key, asset: 'ZAR', kind })
  const post = (key: string, to: string, amount: string, code?: number) =>
    commands.post({ key, from: 'bank:ZAR', to, amount, ...(code === undefined ? {} : { code }) })
  for (const [now, batch] of [
    [at(10), [account('bank:ZAR', 'asset'), account('c1:ZAR', 'liability'), account('c2:ZAR', 'liability')]],
    [at(10), [commands.registerParty({ key: 'c1' }), commands.assignAccount({ party: 'c1', account: 'c1:ZAR' }), post('d1', 'c1:ZAR', '100.00')]],
    [at(11), [post('d2', 'c1:ZAR', '40.00'), commands.hold({ key: 'h1', from: 'c1:ZAR', to: 'c2:ZAR', amount: '30.00' })]],
    [at(13, 30), [commands.capture({ key: 'f1', hold: 'h1', amount: '20.00' })]],
    [at(14), [post('d3', 'c2:ZAR', '1.00', 7)]],
  ] as const) assert.ok((await t.submit(batch, { now })).every(({ ok }) => ok))

  const { account: whose, asset, buckets, next } = await t.balanceHistory('c1:ZAR', { width: '1h', from: at(10), limit: 4 })
  assert.deepEqual([whose, asset, next], ['c1:ZAR', 'ZAR', at(14)])
  assert.deepEqual(buckets.map(({ start }) => start), [at(10), at(11), at(12), at(13)])
  const said = buckets.map(({ open, high, low, close, average, available, entries }) =>
    [...[open, high, low, close, average, available].map((one) => one?.amount), entries].join(' '))
  assert.deepEqual(said, [
    '0.00 100.00 0.00 100.00 100.00 100.00 1', '100.00 140.00 100.00 140.00 140.00 110.00 2', '140.00 140.00 140.00 140.00 140.00 110.00 0',
    '140.00 140.00 120.00 120.00 130.00 120.00 1',
  ])
  same(buckets[3]?.debits, '20.00 ZAR')
  const [day] = (await t.balanceHistory('c1:ZAR', { zone: 'Africa/Johannesburg', to: '2026-01-30' })).buckets
  assert.deepEqual([day?.start.toString(), day?.close.toString()], ['2026-01-29T22:00:00.000000000Z', '120.00 ZAR'])

  const { volumes } = await t.volumes({ account: 'c1:ZAR', width: '1h' })
  assert.deepEqual(volumes.map(({ start, asset, transfers, debits, credits }) => [start, `${asset} ${transfers} ${debits} ${credits}`]), [
    [at(10), 'ZAR 1 0.00 ZAR 100.00 ZAR'], [at(11), 'ZAR 1 0.00 ZAR 40.00 ZAR'], [at(13), 'ZAR 1 20.00 ZAR 0.00 ZAR'],
  ])
  const party = await t.parties.get('c1')
  assert.ok(party)
  assert.equal(JSON.stringify((await t.volumes({ party, width: '1h' })).volumes), JSON.stringify(volumes))
  assert.deepEqual((await t.volumes({ asset: 'ZAR', code: 7 })).volumes.map(({ code, debits }) => [code, debits.toString()]), [[7, '1.00 ZAR']])
  for (const [wrong, field] of [
    [() => t.balanceHistory('nobody'), 'account'], [() => t.balanceHistory('c1:ZAR', { width: '1 fortnight' }), 'width'],
    [() => t.balanceHistory('c1:ZAR', { from: at(12), to: at(11) }), 'from'], [() => t.volumes({}), 'account'],
    [() => t.volumes({ account: 'c1:ZAR', asset: 'ZAR' }), 'account'], [() => t.volumes({ party: 'nobody' }), 'party'],
  ] as const) await assert.rejects(wrong(), { code: 'invalid', field })
  await assert.rejects(t.balanceHistory('c1:ZAR', { limit: 0.5 }), RangeError)
})

test('many requests become durable together, and pages go on where they ended', async () => {
  await using t = await Thalium.open(at('many'))
  await chart(t)
  const posts = Array.from({ length: 2_500 }, (_, n) => t.post({ key: `p${n}`, from: 'bank:ZAR', to: 'c1:ZAR', amount: '1' }))
  assert.ok((await Promise.all(posts)).every((told) => told.ok))
  assert.equal((await all(t.transfers.list({ account: 'c1:ZAR' }))).length, 2_500)
  assert.equal((await all(t.history('c1:ZAR'))).length, 2_500)
  assert.equal((await all(t.history('c1:ZAR', { limit: 7 }))).length, 7)
  const page = await t.transfers.page({ account: 'c1:ZAR', limit: 10 })
  assert.equal((await t.transfers.page({ account: 'c1:ZAR', limit: 1, after: page.next! })).transfers[0]?.key, 'p10')
  assert.deepEqual((await all(t.accounts.list())).map((account) => account.key), ['bank:ZAR', 'c1:ZAR', 'c2:ZAR'])
  assert.ok((await t.assets.list({ all: true })).length > 100)
  assert.ok((await t.metrics()).endsWith('# EOF\n'))
  assert.equal((await t.stats()).transfers, 2_500)
})

test('instants are exact', async () => {
  await using t = await open()
  const now = new Timestamp(1_900_000_000_123_456_789n)
  const [told] = await t.submit([commands.post({ key: 'a', from: 'bank:ZAR', to: 'c1:ZAR', amount: '1', userData64: 2n ** 64n - 1n })], { now })
  assert.equal(told?.timestamp?.nanoseconds, now.nanoseconds)
  same((await t.accounts.get('c1:ZAR', { at: now }))?.balance, '1.00 ZAR')
  same((await t.accounts.get('c1:ZAR', { at: now.toDate() }))?.balance, '0.00 ZAR')
  await assert.rejects(t.accounts.get('c1:ZAR', { at: new Date(Number.NaN) }), RangeError)
  // A number that stands for another is none.
  for (const after of [-1, 0.5, 2 ** 55, Number.NaN]) await assert.rejects(t.historyPage('c1:ZAR', { after }), RangeError)
})

test('a call can be given up, and a subscription ends', async () => {
  await using t = await open()
  await assert.rejects(t.accounts.get('c1:ZAR', { signal: AbortSignal.abort() }), { name: 'AbortError' })
  const ending = new AbortController()
  const late = t.post({ key: 'late', from: 'bank:ZAR', to: 'c1:ZAR', amount: '1' }, { signal: ending.signal })
  ending.abort()
  await assert.rejects(late, { name: 'AbortError' })
  const watching = new AbortController()
  const seen: string[] = []
  const watcher = (async () => {
    for await (const transfer of t.transfers.watch({ account: 'c1:ZAR', signal: watching.signal })) {
      seen.push(transfer.key)
      if (seen.length === 3) watching.abort()
    }
  })()
  for (const key of ['w1', 'w2']) await t.post({ key, from: 'bank:ZAR', to: 'c1:ZAR', amount: '1' })
  await new Promise((resolve) => setTimeout(resolve, 60))
  await t.post({ key: 'w3', from: 'bank:ZAR', to: 'c1:ZAR', amount: '1' })
  const keepAlive = setTimeout(() => watching.abort(), 10_000)
  await watcher
  clearTimeout(keepAlive)
  assert.ok(seen.length >= 3 && seen.includes('w2'))
})

test('a subscription holds no process', () => {
  const program = `const { Thalium } = require('thalium'); const t = Thalium.memory(); (async () => { for await (const _ of t.transfers.watch()) ; })(); console.log('left')`
  const done = spawnSync(process.execPath, ['-e', program], { cwd: __dirname, encoding: 'utf8', timeout: 20_000 })
  assert.deepEqual([done.status, done.stdout.trim()], [0, 'left'], done.stderr)
})

test('closing waits, a late call is told, and a worker has its own handle', async () => {
  const t = await Thalium.open(at('closing'))
  await chart(t)
  const posts = Array.from({ length: 200 }, (_, n) => t.post({ key: `p${n}`, from: 'bank:ZAR', to: 'c1:ZAR', amount: '1' }))
  await Promise.all([Promise.allSettled(posts), t.close(), t.close()])
  for (const call of [() => t.root(), () => t.post({ key: 'x', from: 'a', to: 'b', amount: '1 ZAR' }), () => t.accounts.toArrow()]) {
    await assert.rejects(call(), ClosedError)
  }
  const program = `const { parentPort } = require('node:worker_threads'); const { Thalium } = require(${JSON.stringify(require.resolve('thalium'))})
    Thalium.open(${JSON.stringify(at('closing'))}).then(async (t) => { const { accounts } = await t.stats(); await t.close(); parentPort.postMessage(accounts) })`
  const accounts = await new Promise((resolve, reject) => new Worker(program, { eval: true }).once('message', resolve).once('error', reject))
  assert.equal(accounts, 3)
  {
    using again = Thalium.memory()
    assert.equal((await again.stats()).accounts, 0)
  }
})

test('the event loop goes on while the disk works', async () => {
  await using t = await Thalium.open(at('loop'))
  await chart(t)
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  for (let n = 0; n < 100; n++) await t.post({ key: `p${n}`, from: 'bank:ZAR', to: 'c1:ZAR', amount: '1' })
  clearInterval(timer)
  assert.ok(turns > 2, `${turns} turns`)
})

test('require and import give one set of classes', () => {
  const program = `import { createRequire } from 'node:module'; import { Money, Thalium } from 'thalium'; import all from 'thalium'
    const required = createRequire(import.meta.url)('thalium'); const names = Object.keys(required).filter((name) => name !== '__esModule')
    const imported = await import('thalium'); console.log(Money === required.Money && Thalium === all.Thalium, names.filter((name) => !(name in imported)).join())`
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: __dirname, encoding: 'utf8' })
  assert.equal(out.trim(), 'true')
  assert.match(newId(), /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
})

test('tables leave and come again', async () => {
  for (const suffix of ['csv', 'jsonl', 'parquet']) {
    const [accounts, transfers] = ['accounts', 'transfers'].map((name) => join(folder, `${name}.${suffix}`)) as [string, string]
    await using t = await Thalium.open('memory:')
    await t.accounts.create({ key: 'bank:ZAR', asset: 'ZAR', kind: 'asset' })
    await t.accounts.create({ key: 'c1:ZAR', asset: 'ZAR', kind: 'liability' })
    for (const key of ['dep-1', 'dep-2']) await t.post({ key, from: 'bank:ZAR', to: 'c1:ZAR', amount: '7.50' })
    assert.equal(await t.accounts.exportTo(accounts), 2)
    assert.equal(await t.transfers.exportTo(transfers, { account: 'c1:ZAR' }), 2)
    await assert.rejects(t.accounts.exportTo(join(folder, 'none')), { code: 'invalid', field: 'file' })
    await using again = await Thalium.open('memory:')
    const told = await again.importTables({ accounts, transfers })
    assert.deepEqual([told.ok, told.accounts.booked, told.transfers.booked, told.differences], [true, 2, 2, []])
    assert.equal((await again.importTables({ transfers })).transfers.replayed, 2)
    assert.equal((await again.accounts.get('c1:ZAR'))?.balance.toString(), '15.00 ZAR')
    await assert.rejects(again.importTables({}), { code: 'invalid' })
    await assert.rejects(again.importBlnk(join(folder, 'nothing')), { code: 'invalid', field: 'from' })
  }
})

test('a party is known, found, read and forgotten', async () => {
  await using t = await Thalium.open('memory:', { actor: 'ann', insecureSeed: '07'.repeat(32) })
  await t.accounts.create({ key: 'c42:ZAR', asset: 'ZAR', kind: 'liability' })
  assert.ok((await t.parties.register({ key: 'c42' })).ok)
  assert.ok((await t.parties.assign({ party: 'c42', account: 'c42:ZAR' })).ok)
  const name = { value: 'Nomvula Canary', purpose: 'due_diligence', basis: 'law', years: 5, identifier: 'name' } as const
  assert.ok((await t.parties.seal({ party: 'c42', fields: { name } })).ok)
  assert.deepEqual((await t.parties.find('name', 'nomvula  CANARY')).map((party) => party.key), ['c42'])
  assert.deepEqual((await t.parties.holders('c42:ZAR')).map((holder) => holder.party), ['c42'])
  const data = await t.parties.read({ party: 'c42', why: 'a complaint' })
  assert.deepEqual(data.fields.map((field) => field.value), ['Nomvula Canary'])
  assert.match(await t.parties.exportPage({ party: 'c42', why: 'a complaint' }), /Nomvula Canary/)
  await assert.rejects(t.parties.accessLog({ party: 'c42' }), InvalidError)
  await t.parties.grantAccess({ actor: 'ann', until: '2200-01-01' })
  assert.deepEqual((await t.parties.accessLog({ party: 'c42' })).entries.map((entry) => entry.why), Array(3).fill('a complaint'))
  assert.equal((await t.parties.forget('c42')).status, 'relationship_has_not_ended')
  assert.ok((await t.parties.amend({ party: 'c42', ended: '2020-01-31' })).ok)
  assert.ok((await t.parties.forget('c42')).ok)
  assert.deepEqual(await t.parties.find('name', 'Nomvula Canary'), [])
  assert.equal((await t.parties.get('c42'))?.forgotten?.scope, 'all')
  const keys: string[] = []
  for await (const party of t.parties.list()) keys.push(party.key)
  assert.deepEqual(keys, ['c42'])
})

test('a retention class says how long a law has it kept', async () => {
  await using t = await Thalium.open('memory:', { insecureSeed: '07'.repeat(32) })
  await t.parties.register({ key: 'c42' })
  const passport = { value: 'A01234567', purpose: 'due_diligence', retention: 'kyc' }
  assert.equal((await t.parties.seal({ party: 'c42', fields: { passport } })).status, 'retention_not_found')
  assert.ok((await t.parties.defineRetention({ name: 'kyc', years: 5, law: 'Directive (EU) 2015/849, Art. 40' })).ok)
  assert.ok((await t.parties.seal({ party: 'c42', fields: { passport } })).ok)
  const [field] = (await t.parties.get('c42'))?.fields ?? []
  assert.deepEqual([field?.basis, field?.years, field?.retention], ['law', 5, 'kyc'])
  await t.accounts.create({ key: 'c42:ZAR', asset: 'ZAR', name: 'Nomvula Canary', subject: 'c42', retention: 'kyc' })
  const [opened] = (await t.parties.read({ party: 'c42', accounts: ['c42:ZAR'], why: 'a complaint' })).details
  assert.deepEqual([opened?.description, opened?.years, opened?.retention], ['Nomvula Canary', 5, 'kyc'])
  await t.parties.amend({ party: 'c42', ended: '2020-01-31' })
  assert.ok((await t.parties.defineRetention({ name: 'kyc', years: 100 })).ok)
  assert.equal((await t.parties.forget('c42')).status, 'retention_has_not_passed')
  assert.ok((await t.parties.defineRetention({ name: 'kyc', years: 1 })).ok)
  assert.deepEqual((await t.parties.retentions()).map(({ name, years, law }) => [name, years, law]), [['kyc', 1, '']])
  assert.equal((await t.parties.get('c42'))?.keptUntil, '2021-01-31')
  assert.deepEqual(await keysOf(t.parties.list({ due: '2021-02-01' })), ['c42'])
  assert.deepEqual(await keysOf(t.parties.list({ due: '2021-01-31' })), [])
  assert.ok((await t.parties.forget('c42')).ok)
})

/** Two brokers with a client and an account each, and money that moved between the two. */
async function ofTwoBrokers(): Promise<Thalium> {
  const t = await Thalium.open('memory:', { insecureSeed: '07'.repeat(32) })
  await t.accounts.create({ key: 'bank:ZAR', asset: 'ZAR', kind: 'asset' })
  for (const house of ['alpha', 'beta']) {
    await t.parties.register({ key: house, kind: 'broker' })
    await t.parties.register({ key: `${house}-1`, broker: house })
    await t.accounts.create({ key: `${house}:ZAR`, asset: 'ZAR', kind: 'liability' })
    await t.parties.assign({ party: `${house}-1`, account: `${house}:ZAR` })
    assert.ok((await t.post({ key: `${house}-fund`, from: 'bank:ZAR', to: `${house}:ZAR`, amount: '9.00' })).ok)
  }
  const sealed = { subject: 'alpha-1', description: 'Nomvula Canary', metadata: { order: '7', payee: 'Nomvula Canary' }, public: ['order'] }
  assert.ok((await t.post({ key: 'pay-1', from: 'alpha:ZAR', to: 'beta:ZAR', amount: '1.00', ...sealed })).ok)
  return t
}

async function keysOf(all: AsyncIterable<{ readonly key: string }>): Promise<string[]> {
  const keys: string[] = []
  for await (const one of all) keys.push(one.key)
  return keys
}

test('a broker sees its own', async () => {
  await using t = await ofTwoBrokers()
  for (const [house, other] of [['alpha', 'beta'], ['beta', 'alpha']] as const) {
    const seen = t.seenBy(house)
    assert.deepEqual(await keysOf(seen.accounts.list()), [`${house}:ZAR`])
    assert.deepEqual((await keysOf(seen.parties.list())).sort(), [house, `${house}-1`])
    assert.deepEqual(await keysOf(seen.transfers.list()), [`${house}-fund`, ''])
    assert.equal(await seen.accounts.get(`${other}:ZAR`), undefined)
    assert.equal(await seen.parties.get(`${other}-1`), undefined)
    assert.equal(await seen.statement(`${other}:ZAR`), undefined)
    same((await seen.balanceHistory(`${house}:ZAR`)).buckets.at(-1)?.close, house === 'alpha' ? '8.00 ZAR' : '10.00 ZAR')
    const [own, whole] = [await seen.volumes({ party: `${house}-1` }), await t.volumes({ account: `${house}:ZAR` })]
    assert.equal(JSON.stringify(own), JSON.stringify(whole))
    assert.equal((await seen.historyPage(`${house}:ZAR`)).entries.at(-1)?.counterparty, '')
    await assert.rejects(seen.holdsPage(`${other}:ZAR`), InvalidError)
    assert.equal((await seen.parties.read({ party: `${house}-1`, why: 'a complaint' })).party, `${house}-1`)
    await assert.rejects(seen.parties.export({ party: `${other}-1`, why: 'a complaint' }), InvalidError)
    // Nothing is there that would tell of the whole book, or change it.
    for (const name of ['post', 'trialBalance', 'submit', 'root']) assert.ok(!(name in seen))
  }
  await assert.rejects(t.seenBy('alpha-1').accounts.page(), { code: 'invalid', field: 'viewer' })
})

test('words are sealed to a party', async () => {
  await using t = await ofTwoBrokers()
  const told = await t.transfers.get('pay-1')
  assert.deepEqual([told?.description, { ...told?.metadata }], ['', { order: '7' }])
  assert.equal(told?.subject, (await t.parties.get('alpha-1'))?.id)
  const [opened] = (await t.parties.read({ party: 'alpha-1', transfers: ['pay-1'], why: 'a complaint' })).details
  assert.deepEqual([opened?.transfer, opened?.description, { ...opened?.metadata }], ['pay-1', 'Nomvula Canary', { payee: 'Nomvula Canary' }])
  assert.deepEqual([opened?.basis, opened?.years], ['law', 5])
  const { data } = await t.parties.export({ party: 'alpha-1', why: 'asked' })
  assert.deepEqual(data.details.map((one) => one.transfer), ['pay-1'])
  const refused = await t.post({ key: 'pay-2', from: 'bank:ZAR', to: 'beta:ZAR', amount: '1.00', subject: 'nobody', description: 'x' })
  assert.equal(refused.status, 'subject_not_found')
})
