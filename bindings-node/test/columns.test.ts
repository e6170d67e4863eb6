// Columns in and out: typed arrays, texts, Arrow.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow'
import { InvalidError, type PostColumns, Thalium, currency } from 'thalium'

const zar = currency('ZAR')

async function open(): Promise<Thalium> {
  const t = Thalium.memory()
  await t.accounts.create({ key: 'bank', asset: 'ZAR', kind: 'asset', id: '1' })
  await t.accounts.create({ key: 'c1', asset: 'ZAR', kind: 'liability', id: '2' })
  return t
}

const ROWS = { key: ['a', 'b'], from: ['bank', 'c1'], to: ['c1', 'bank'] }

test('columns of every kind book the same', async () => {
  const ids = new Uint8Array(32)
  ids[15] = 7
  ids[31] = 8
  const tables: [string, PostColumns][] = [
    ['texts', { ...ROWS, amount: ['10.00', zar('2.50')] }],
    ['bigints', { ...ROWS, units: BigInt64Array.of(1_000n, 250n) }],
    ['numbers', { ...ROWS, units: Uint16Array.of(1_000, 250) }],
    ['ids', { id: BigUint64Array.of(7n, 8n), from: BigUint64Array.of(1n, 2n), to: BigUint64Array.of(2n, 1n), units: Int32Array.of(1_000, 250) }],
    ['bytes', { id: ids, from: ROWS.from, to: ROWS.to, units: BigUint64Array.of(1_000n, 250n) }],
    ['part of a buffer', { ...ROWS, units: BigInt64Array.of(9n, 1_000n, 250n, 9n).subarray(1, 3) }],
  ]
  for (const [name, table] of tables) {
    await using t = await open()
    const done = await t.postColumns(table)
    assert.deepEqual([done.booked, done.replayed, done.rejected], [2, 0, 0], name)
    assert.equal((await t.accounts.get('c1'))?.balance.toString(), '7.50 ZAR', name)
    assert.deepEqual([done.statuses(), done.sequences().every((at) => at > 0n)], [Uint16Array.of(0, 0), true], name)
    assert.deepEqual((await t.transfers.page()).transfers.map(({ timestamp }) => timestamp.nanoseconds), [...done.timestamps()], name)
    assert.deepEqual([...tableFromIPC(await done.toArrow()).getChild('status')!].map(String), ['created', 'created'], name)
  }
})

test('a refused row stops no other', async () => {
  await using t = await open()
  const table = { ...ROWS, from: ['bank', 'nobody'], units: BigInt64Array.of(1_000n, 250n) }
  const done = await t.postColumns(table, { asset: 'ZAR' })
  assert.deepEqual([done.booked, done.replayed, done.rejected], [1, 0, 1])
  assert.equal((await t.postColumns(table, { asset: 'ZAR' })).replayed, 1)
})

test('nothing is booked of what cannot be read', async () => {
  await using t = await open()
  const units = BigInt64Array.of(1n, 2n)
  for (const wrong of [
    { ...ROWS, units: BigInt64Array.of(1n, -2n) }, { ...ROWS, units: BigInt64Array.of(1n) }, { ...ROWS, units: Float64Array.of(1, 2) },
    { ...ROWS, amount: ['1', '-2'] }, { ...ROWS, amount: ['1', '2'], units }, { ...ROWS, amonut: ['1', '2'] }, { ...ROWS },
    { ...ROWS, from: ['bank', ''], units }, { from: ROWS.from, to: ROWS.to, units }, { arrow: Uint8Array.of(1, 2, 3) },
  ]) {
    await assert.rejects(t.postColumns(wrong as unknown as PostColumns), InvalidError, JSON.stringify(Object.keys(wrong)))
  }
  for (const wrong of [{ ...ROWS, amount: [1, 2] }, { ...ROWS, units: 5 }, null, 5, { ...ROWS, from: [1, 2], units }]) {
    await assert.rejects(t.postColumns(wrong as unknown as PostColumns), TypeError)
  }
  assert.equal((await t.stats()).transfers, 0)
})

test('what is read as Arrow can be booked elsewhere', async () => {
  await using t = await open()
  await t.postColumns({ ...ROWS, units: BigInt64Array.of(1_000n, 250n) })
  const table = tableFromIPC(await t.transfers.toArrow({ account: 'c1' }))
  assert.deepEqual([...table.getChild('amount')!], ['10.00', '2.50'])
  assert.equal(tableFromIPC(await t.accounts.toArrow()).numRows, 2)
  await assert.rejects(t.transfers.toArrow({ account: 'nobody' }), InvalidError)
  await using other = await open()
  const arrow = tableToIPC(table.select(['key', 'from', 'to', 'units']), 'stream')
  assert.equal((await other.postColumns({ arrow })).booked, 2)
  const made = tableFromArrays({ key: ['x'], from: ['bank'], to: ['c1'], units: BigInt64Array.of(5n) })
  assert.equal((await other.postColumns({ arrow: tableToIPC(made, 'stream') })).booked, 1)
  assert.equal((await other.accounts.get('c1'))?.balance.toString(), '7.55 ZAR')
})
