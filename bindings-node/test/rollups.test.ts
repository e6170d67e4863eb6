// Trades go in, candles come out.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { type ChangeView, InvalidError, type KlineQuery, type KlineView, Money, Thalium, Timestamp, type Trade } from 'thalium'

const TEN = Timestamp.parse('2026-03-10T10:00:00Z')
const now = '2026-03-10T12:00:00Z'
const MINUTE = 60_000_000_000n
const minute = (n: number): Timestamp => new Timestamp(TEN.nanoseconds + BigInt(n) * MINUTE)
const trade = (n: number, id: number, price: string, quantity: string, taker?: 'buyer' | 'seller', symbol = 'BTC-ZAR') =>
  ({ symbol, at: minute(n), id, price, quantity, ...(taker === undefined ? {} : { taker }) })
const TRADES = [
  trade(0, 1, '100.00', '0.5', 'buyer'), trade(0, 2, '102.00', '1.5', 'seller'), trade(1, 3, '101.00', '2'), trade(4, 4, '99.50', '1', 'buyer'),
  trade(7, 5, '103.00', '0.25', 'buyer'),
]

async function open(): Promise<Thalium> {
  const t = Thalium.memory()
  await t.rollups.define({ name: 'klines', levels: ['1m', '5m'], delay: '0s', priceScale: 2, quantityScale: 2 })
  await t.rollups.ingest('klines', TRADES, { now })
  return t
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

type Ask = (request: string, signal?: AbortSignal) => Promise<unknown>
const asking = (t: Thalium): { ask: Ask } => t as unknown as { ask: Ask }

/** What is sent. */
function watched(t: Thalium): string[] {
  const sent: string[] = []
  const { ask } = asking(t)
  asking(t).ask = (request, signal) => {
    sent.push(request)
    return ask.call(t, request, signal)
  }
  return sent
}

const starts = (klines: readonly KlineView[]): number[] => klines.map(({ start }) => Number((start.nanoseconds - TEN.nanoseconds) / MINUTE))

test('trades go in and candles come out', async () => {
  await using t = await open()
  const { klines, next } = await t.klines('BTC-ZAR', '5m', { from: TEN, to: minute(10) })
  assert.deepEqual(klines.map(({ open, high, low, close, volume, trades, closed }) => [open, high, low, close, volume, trades, closed]), [
    ['100.00', '102.00', '99.50', '99.50', '5.00', 4, true],
    ['103.00', '103.00', '103.00', '103.00', '0.25', 1, false],
  ])
  assert.equal(next, undefined)
  const [{ start, end, turnover, average, buyVolume, sellVolume, buyTurnover, sellTurnover, revision }] = klines as [KlineView]
  assert.deepEqual([start, end, revision], [TEN, minute(5), 0])
  assert.deepEqual([turnover, average, buyVolume, sellVolume, buyTurnover, sellTurnover], ['504.50', '100.90', '1.50', '1.50', '149.50', '153.00'])
  assert.ok(Object.isFrozen(klines) && Object.isFrozen(klines[0]))
  assert.equal(Money.of(klines[0]!.close, 'ZAR').toString(), '99.50 ZAR')
})

test('which candles', async () => {
  await using t = await open()
  const tables: [KlineQuery, number[], number?][] = [
    [{}, [0, 1, 4, 7]],
    [{ limit: 2 }, [4, 7]],
    [{ from: TEN, limit: 2 }, [0, 1], 4],
    [{ from: minute(4) }, [4, 7]],
    [{ to: minute(7) }, [0, 1, 4]],
    [{ from: minute(1), to: minute(7) }, [1, 4]],
    [{ from: minute(1), to: minute(7), limit: 1 }, [1], 4],
    [{ from: minute(1), to: minute(5), fill: true }, [1, 2, 3, 4]],
    [{ from: '2026-03-10T10:04:00Z', to: '2026-03-10T10:04:00.000000001Z', rollup: 'klines' }, [4]],
    [{ from: minute(4).toDate(), to: minute(5).toDate() }, [4]],
    [{ from: minute(7), to: minute(7) }, []],
  ]
  for (const [query, expected, next] of tables) {
    const told = await t.klines('BTC-ZAR', '1m', query)
    assert.deepEqual([starts(told.klines), told.next], [expected, next === undefined ? undefined : minute(next)], JSON.stringify(query))
  }
  const [filled] = (await t.klines('BTC-ZAR', '1m', { from: minute(2), to: minute(3), fill: true })).klines
  assert.deepEqual([filled?.open, filled?.close, filled?.volume, filled?.trades, filled?.average], ['101.00', '101.00', '0.00', 0, undefined])
  assert.deepEqual((await t.klines('ETH-ZAR', '1m')).klines, [])
})

test('what a trade may be given as', async () => {
  await using t = await open()
  const given = trade(9, 9, '100.5', '0.01')
  const rows: Trade[] = [
    given, { ...given, id: 9n }, { ...given, id: '9' }, { ...given, price: '100.50' }, { ...given, at: minute(9).toDate() },
    { ...given, at: '2026-03-10T12:09:00+02:00' }, { ...given, at: minute(9).nanoseconds.toString() },
  ]
  assert.equal((await t.rollups.ingest('klines', [given], { now })).taken, 1)
  for (const row of rows) assert.deepEqual(await t.rollups.ingest('klines', new Set([row]), { now }), { taken: 0, again: 1, refused: 0, faults: [] })
  const last = (await t.klines('BTC-ZAR', '1m')).klines.at(-1)
  assert.deepEqual([last?.start, last?.close, last?.volume, last?.trades], [minute(9), '100.50', '0.01', 1])
  // A number past 2^53 is one all the same.
  await t.rollups.ingest('klines', [{ ...given, id: 2n ** 63n - 1n }], { now })
  assert.equal((await t.rollups.remove('klines', { ...given, id: 2n ** 63n - 1n })).id, '9223372036854775807')
})

test('what is no trade is refused before anything is sent', async () => {
  await using t = await open()
  const sent = watched(t)
  const good = trade(9, 9, '1', '1')
  const tables: [unknown, typeof TypeError | typeof RangeError, string][] = [
    [{ ...good, price: 100.5 }, TypeError, 'price: a number cannot say how much'],
    [{ ...good, price: 100n }, TypeError, 'price: a bigint cannot say how much'],
    [{ ...good, price: Money.of('100.5', 'ZAR') }, TypeError, 'price: a object cannot say how much'],
    [{ ...good, quantity: 1 }, TypeError, 'quantity: a number cannot say how much'],
    [{ ...good, quantity: true }, TypeError, 'quantity: a boolean cannot say how much'],
    [{ ...good, id: 1.5 }, RangeError, 'id: 1.5 is no whole number'],
    [{ ...good, id: 2 ** 53 }, RangeError, 'id: 9007199254740992 is no whole number'],
    [{ ...good, id: true }, TypeError, 'id: give a bigint, or digits as text, not a boolean'],
    [{ ...good, at: 1_773_136_800 }, TypeError, 'at: give a Timestamp, a Date or text, not a number'],
    [{ ...good, at: new Date(Number.NaN) }, RangeError, 'at: is an invalid Date'],
  ]
  for (const [wrong, kind, why] of tables) {
    const named = (where: string) => (error: Error) => error instanceof kind && error.message.startsWith(`${where}.${why}`)
    await assert.rejects(t.rollups.ingest('klines', [good, wrong as Trade], { badRows: 'keep' }), named('trades[1]'), why)
    await assert.rejects(t.rollups.correct('klines', wrong as typeof good), named('trade'), why)
  }
  for (const wrong of [null, 5, 'BTC-ZAR', [good]]) {
    await assert.rejects(t.rollups.ingest('klines', [wrong as unknown as Trade]), { name: 'TypeError', message: /^trades\[0\]: give an object/ })
  }
  await assert.rejects(t.rollups.remove('klines', { ...good, id: 1.5 }), RangeError)
  await assert.rejects(t.klines('BTC-ZAR', '1m', { limit: 0.5 }), RangeError)
  assert.deepEqual(sent, [])
})

test('a number is no price when it is compiled', () => {
  const take = (_: Trade): void => {}
  const good = { symbol: 'BTC-ZAR', at: new Date(), price: '1', quantity: '1' }
  take(good)
  take({ ...good, id: 7n, taker: 'buyer' })
  // @ts-expect-error A number cannot be a price.
  take({ ...good, price: 1.5 })
  // @ts-expect-error Nor a quantity.
  take({ ...good, quantity: 1n })
  // @ts-expect-error Nobody else takes it.
  take({ ...good, taker: 'me' })
})

test('a row that is not taken fails the call or is told', async () => {
  await using t = await open()
  const rows = [trade(8, 8, '1.00', '1'), trade(9, 9, '1.001', '1'), { ...trade(10, 10, '1', '1'), taker: 'me' }, { price: null }] as Trade[]
  await assert.rejects(t.rollups.ingest('klines', rows, { now }), { name: 'InvalidError', code: 'invalid', field: 'trades[1].price' })
  assert.equal((await t.rollups.list())[0]?.trades, TRADES.length)
  const told = await t.rollups.ingest('klines', rows, { now, badRows: 'keep' })
  assert.deepEqual([told.taken, told.again, told.refused], [1, 0, 3])
  assert.deepEqual(told.faults.map(({ row, field }) => [row, field]), [[1, 'price'], [2, 'taker'], [3, 'symbol']])
})

test('what makes no sense is rejected with its field', async () => {
  await using t = await open()
  const tables: [() => Promise<unknown>, string, string][] = [
    [() => t.klines('BTC-ZAR', '1h'), 'invalid', 'width'],
    [() => t.klines('BTC-ZAR', '1m', { rollup: 'none' }), 'invalid', 'rollup'],
    [() => t.klines('BTC-ZAR', '1m', { from: minute(1), to: TEN }), 'invalid', 'from'],
    [() => t.klines('BTC-ZAR', '1m', { to: 'noon' }), 'invalid', 'to'],
    [() => t.klines('BTC-ZAR', '1m', { limit: 0 }), 'invalid', 'limit'],
    [() => all(t.rollups.klines('klines', 'BTC-ZAR', '1h', { from: TEN })), 'invalid', 'width'],
    [() => t.rollups.define({ name: 'klines', levels: ['1 fortnight'] }), 'invalid', 'levels'],
    [() => t.rollups.define({ name: 'klines', priceScale: 3 }), 'invalid', 'price_scale'],
    [() => t.rollups.drop('none'), 'invalid', 'name'],
    [() => t.rollups.ingest('none', []), 'invalid', 'rollup'],
    [() => t.rollups.ingest('klines', [{ symbl: 'BTC-ZAR' } as unknown as Trade]), 'invalid', 'trades[0].symbl'],
    [() => t.rollups.ingest('klines', Array.from({ length: 65_537 }, () => ({}) as Trade)), 'too_large', 'trades'],
    [() => t.rollups.correct('klines', trade(0, 99, '1', '1'), { now }), 'invalid', 'trade.id'],
    [() => t.rollups.remove('klines', { symbol: 'BTC-ZAR', at: TEN, id: 99 }), 'invalid', 'id'],
    [() => t.rollups.changes('none'), 'invalid', 'rollup'],
    [() => t.rollups.advance('klines', { now: 'noon' }), 'invalid', 'now'],
  ]
  for (const [wrong, code, field] of tables) await assert.rejects(wrong(), { name: 'InvalidError', code, field })
})

test('rollups are defined, listed and dropped', async () => {
  await using t = await open()
  const days = await t.rollups.define({ name: 'days', of: 'klines', levels: ['1h', '1d', '1M'], zone: 'Africa/Johannesburg', late: 'merge', keep: { '1h': '30d', '1M': '520w' } })
  assert.deepEqual([days.of, days.version, days.zone, days.late, days.priceScale, days.quantityScale], ['klines', 1, 'Africa/Johannesburg', 'merge', 2, 2])
  assert.deepEqual({ ...days.keep }, { '1h': '30d', '1M': '520w' })
  assert.equal((await t.klines('BTC-ZAR', '1d', { rollup: 'days' })).klines[0]?.start.toString(), '2026-03-09T22:00:00.000000000Z')
  assert.deepEqual((await t.rollups.list()).map(({ name, symbols, trades }) => [name, symbols, trades]), [['days', 1, 5], ['klines', 1, 5]])
  await assert.rejects(t.rollups.drop('klines'), InvalidError)
  assert.equal(await t.rollups.drop('days'), undefined)
  assert.equal((await t.rollups.list()).length, 1)
})

test('trades are corrected and taken back, and changes are told', async () => {
  await using t = await open()
  const seen = await t.rollups.changes('klines')
  assert.ok(seen.changes.every(({ kind }) => kind === 'closed') && seen.next === seen.changes.length && seen.lost === 0)
  const was = await t.rollups.correct('klines', trade(4, 4, '98', '1', 'buyer'), { now })
  assert.deepEqual(was, { symbol: 'BTC-ZAR', at: minute(4), id: '4', price: '99.50', quantity: '1.00', taker: 'buyer' })
  assert.equal((await t.rollups.remove('klines', { symbol: 'BTC-ZAR', at: minute(1), id: 3 })).price, '101.00')
  const told = await t.rollups.changes('klines', { after: seen.next })
  assert.deepEqual(told.changes.slice(0, 2).map(({ kind, width, cause, start }) => [kind, width, cause, start]), [
    ['revised', '1m', 'corrected', minute(4)], ['revised', '5m', 'corrected', TEN],
  ])
  assert.deepEqual((await t.rollups.changes('klines', { after: 1, limit: 2 })).changes.map(({ number }) => number), [2, 3])
  await t.rollups.advance('klines', { now })
  assert.ok((await t.klines('BTC-ZAR', '1m')).klines.every(({ closed }) => closed))
})

test('pages go on where they ended', async () => {
  await using t = Thalium.memory()
  await t.rollups.define({ name: 'klines', levels: ['1m'] })
  await t.rollups.ingest('klines', Array.from({ length: 2_500 }, (_, n) => trade(n, n, '1', '1')), { now: '2027-01-01T00:00:00Z' })
  const sent = watched(t)
  const numbers = Array.from({ length: 2_500 }, (_, n) => n)
  assert.deepEqual(starts(await all(t.rollups.klines('klines', 'BTC-ZAR', '1m', { from: TEN }))), numbers)
  assert.equal(sent.length, 3)
  assert.deepEqual(starts(await all(t.rollups.klines('klines', 'BTC-ZAR', '1m', { from: minute(7), to: minute(9) }))), [7, 8])
  assert.deepEqual(starts(await all(t.rollups.klines('klines', 'BTC-ZAR', '1m', { from: minute(7), limit: 1_001 }))), numbers.slice(7, 1_008))
  const { klines, next } = await t.klines('BTC-ZAR', '1m', { from: TEN })
  assert.deepEqual([klines.length, next], [500, minute(500)])
  const more = Array.from({ length: 1_200 }, (_, n) => trade(0, n, '1', '1', undefined, `S${n.toString().padStart(4, '0')}`))
  await t.rollups.ingest('klines', more, { now })
  const names = ['BTC-ZAR', ...more.map(({ symbol }) => symbol)]
  assert.deepEqual((await all(t.rollups.symbols('klines'))).map(({ symbol }) => symbol), names)
  assert.deepEqual((await all(t.rollups.symbols('klines', { after: 'S0001', limit: 2 }))).map(({ symbol }) => symbol), ['S0002', 'S0003'])
  const page = await t.rollups.symbolsPage('klines', { limit: 1 })
  assert.deepEqual([page.symbols[0]?.price, page.symbols[0]?.at, page.next], ['1.00000000', minute(2_499), 'BTC-ZAR'])
})

test('changes are watched as they happen', async () => {
  await using t = await open()
  const watching = new AbortController()
  const seen: ChangeView[] = []
  const watcher = (async () => {
    for await (const change of t.rollups.watch('klines', { symbol: 'BTC-ZAR', width: '1m', signal: watching.signal })) {
      seen.push(change)
      if (change.cause === 'corrected') watching.abort()
    }
  })()
  const late = setTimeout(() => watching.abort(), 10_000)
  await new Promise((resolve) => setTimeout(resolve, 60))
  await t.rollups.ingest('klines', [trade(8, 8, '1', '1'), trade(9, 9, '1', '1', undefined, 'ETH-ZAR')], { now })
  await t.rollups.correct('klines', trade(4, 4, '98', '1'), { now })
  await watcher
  clearTimeout(late)
  assert.deepEqual(seen.map(({ kind, start }) => [kind, starts([{ start } as KlineView])[0]]), [['closed', 0], ['closed', 1], ['closed', 4], ['closed', 7], ['revised', 4]])
})

test('with another version changes are told from its first', async () => {
  await using t = await open()
  const { next, version } = await t.rollups.changes('klines')
  await t.rollups.define({ name: 'klines', levels: ['1m'], delay: '0s', priceScale: 2, quantityScale: 2 })
  const told = (await t.rollups.changes('klines')).changes
  for await (const change of t.rollups.watch('klines', { after: next, version })) {
    assert.deepEqual(change, told[0])
    break
  }
  await assert.rejects(all(t.rollups.watch('none')), { code: 'invalid', field: 'rollup' })
  assert.deepEqual(await all(t.rollups.watch('klines', { signal: AbortSignal.abort() })), [])
})

test('who watches is told what is lost', async () => {
  await using t = await open()
  asking(t).ask = async () => ({ version: 1, changes: [{ number: 8, kind: 'closed', symbol: 'A' }], next: 8, lost: 7 })
  const lost: number[] = []
  for await (const change of t.rollups.watch('klines', { lost: (many) => lost.push(many) })) {
    assert.deepEqual([change.number, lost], [8, [7]])
    break
  }
})

test('a watch holds no process', () => {
  const program = `const { Thalium } = require('thalium'); const t = Thalium.memory(); (async () => { await t.rollups.define({ name: 'klines' }); console.log('left'); for await (const _ of t.rollups.watch('klines')) ; })()`
  const done = spawnSync(process.execPath, ['-e', program], { cwd: __dirname, encoding: 'utf8', timeout: 20_000 })
  assert.deepEqual([done.status, done.stdout.trim()], [0, 'left'], done.stderr)
})
