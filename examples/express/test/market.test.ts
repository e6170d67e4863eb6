// Trades go in, candles come out: asked for, and as they come.
import assert from 'node:assert/strict'
import { get } from 'node:http'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { C42, C77, OPERATOR, Service, mustFit } from '../harness/service.js'
import { FOLLOWERS_EACH_MAX } from '../src/market.js'

const service = new Service()
before(() => service.start())
after(() => service.stop())

const instant = (minute: number, second = 0): string => new Date(Date.UTC(2026, 0, 5, 10, minute, second)).toISOString()
const trade = (symbol: string, at: string, id: number | string, price: string, quantity = '0.5', taker?: string): object =>
  ({ symbol, at, id, price, quantity, ...(taker === undefined ? {} : { taker }) })
const post = async (body: unknown, token: string | undefined = OPERATOR) => service.ask('POST', '/trades', { token, body })
const klines = (query: string, token: string | undefined = C42) => service.ask('GET', `/klines?${query}`, { token })

test('a trade counts once, however often it is sent', async () => {
  const body = trade('ONCE', instant(1), 7, '60000.00', '0.5', 'buyer')
  const first = await post(body)
  assert.deepEqual([first.status, first.body.id, first.body.replayed], [201, '7', false])
  for (const again of [body, { ...body, id: '7' }, { ...body, price: '60000' }]) {
    const told = await post(again)
    assert.deepEqual([told.status, told.body.replayed], [200, true])
  }
  // The same trade cannot have had another price; the same number at another instant is another trade.
  assert.equal((await post({ ...body, price: '60000.01' })).status, 400)
  assert.equal((await post({ ...body, at: instant(1, 1) })).status, 201)
  const { body: page } = await klines('symbol=ONCE&width=1m')
  assert.deepEqual([page.symbol, page.width, page.klines.length, page.next], ['ONCE', '1m', 1, undefined])
  const [{ open, volume, turnover, buyVolume, trades, closed }] = page.klines
  assert.deepEqual([open, volume, turnover, buyVolume, trades, closed],
    ['60000.00000000', '1.00000000', '60000.00000000', '1.00000000', 2, false])
})

test('a trade that cannot be read is refused, and names the field', async () => {
  const good = trade('BAD', instant(1), 7, '60000.00')
  for (const [wrong, field] of [
    [{ symbol: '' }, 'symbol'], [{ symbol: 7 }, 'symbol'], [{ symbol: 'x'.repeat(129) }, 'symbol'], [{ at: 'noon' }, 'at'], [{ at: 5 }, 'at'],
    [{ at: '2999-01-01T00:00:00Z' }, 'at'], [{ id: -1 }, 'id'], [{ id: 1.5 }, 'id'], [{ id: 2 ** 53 }, 'id'], [{ id: 'x' }, 'id'],
    [{ id: '9223372036854775808' }, 'id'], [{ price: 60_000 }, 'price'], [{ price: 'much' }, 'price'], [{ price: '0.000000001' }, 'price'],
    [{ quantity: 1 }, 'quantity'], [{ quantity: '1e3' }, 'quantity'], [{ quantity: null }, 'quantity'], [{ taker: 'me' }, 'taker'], [{ side: 'buy' }, 'side'],
  ] as const) {
    const told = await post({ ...good, ...wrong })
    assert.deepEqual([told.status, told.body.field], [400, field], JSON.stringify(wrong))
  }
  for (const name of ['symbol', 'at', 'id', 'price', 'quantity']) {
    const told = await post({ ...good, [name]: undefined })
    assert.deepEqual([told.status, told.body.field], [400, name], `without ${name}`)
  }
  assert.deepEqual((await klines('symbol=BAD&width=1m')).body.klines, [])
})

test('candles come in pages, and filled where nothing has happened', async () => {
  for (const [id, minute] of [0, 1, 4].entries()) await post(trade('PAGES', instant(minute), id, `10${minute}`))
  const starts = async (query: string): Promise<unknown[]> => {
    const { body } = await klines(`symbol=PAGES&width=1m&${query}`)
    const minutes = body.klines.map(({ start }: { start: string }) => new Date(start).getUTCMinutes())
    return [minutes, body.next === undefined ? undefined : new Date(body.next).getUTCMinutes()]
  }
  const [ten, five] = [instant(0), instant(5)]
  assert.deepEqual(await starts(''), [[0, 1, 4], undefined])
  assert.deepEqual(await starts('limit=2'), [[1, 4], undefined])
  assert.deepEqual(await starts(`from=${ten}&limit=2`), [[0, 1], 4])
  assert.deepEqual(await starts(`from=${instant(1)}&to=${instant(4)}`), [[1], undefined])
  assert.deepEqual(await starts(`from=${ten}&to=${five}&fill=true`), [[0, 1, 2, 3, 4], undefined])
  assert.deepEqual(await starts(`from=${ten}&to=${five}&fill=false`), [[0, 1, 4], undefined])
  const { body } = await klines('symbol=PAGES&width=1h')
  assert.deepEqual([body.klines.length, body.klines[0].open, body.klines[0].close, body.klines[0].trades], [1, '100.00000000', '104.00000000', 3])
})

const WRONG = [
  ['', 'symbol'], ['symbol=X', 'width'], ['symbol=&width=1m', 'symbol'], ['symbol=X&width=2m', 'width'], ['symbol=X&width=long', 'width'],
  ['symbol=X&symbol=Y&width=1m', 'symbol'], ['symbol=X&width=1m&interval=1m', 'interval'],
] as const

test('questions that make no sense are refused, and name the parameter', async () => {
  for (const [query, field] of [
    ...WRONG, ['symbol=X&width=1m&limit=0', 'limit'], ['symbol=X&width=1m&limit=1001', 'limit'], ['symbol=X&width=1m&fill=yes', 'fill'],
    ['symbol=X&width=1m&from=noon', 'from'], ['symbol=X&width=1m&to=', 'to'], [`symbol=X&width=1m&from=${instant(2)}&to=${instant(1)}`, 'from'],
  ] as const) {
    const told = await klines(query)
    assert.deepEqual([told.status, told.body.field], [400, field], query)
  }
  for (const [query, field] of [...WRONG, ['symbol=X&width=1m&limit=1', 'limit']] as const) {
    const told = await service.ask('GET', `/klines/live?${query}`, { token: C42 })
    assert.deepEqual([told.status, told.body.field], [400, field], query)
  }
})

test('everyone who is known may read, and operators tell of trades', async () => {
  const body = trade('WHO', instant(1), 1, '1')
  assert.equal((await post(body, C42)).status, 403)
  assert.equal((await service.ask('POST', '/trades', { body })).status, 401)
  for (const path of ['/klines?symbol=WHO&width=1m', '/klines/live?symbol=WHO&width=1m']) {
    assert.equal((await service.ask('GET', path)).status, 401, path)
  }
  for (const token of [C42, C77, OPERATOR]) assert.equal((await klines('symbol=WHO&width=1m', token)).status, 200)
})

interface Candle { start: string; close: string; trades: number; closed: boolean; revision: number }

/** One who follows. */
class Listener {
  readonly #gone = new AbortController()
  readonly candles: Candle[] = []
  status = 0
  type = ''
  isOver = false

  static async open(symbol: string, token = C42): Promise<Listener> {
    const one = new Listener()
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`${service.running.url}/klines/live?symbol=${symbol}&width=1m`, { headers, signal: one.#gone.signal })
    one.status = answer.status
    one.type = answer.headers.get('content-type') ?? ''
    void one.#listen(answer).catch(() => {}).finally(() => (one.isOver = true))
    return one
  }

  async #listen(answer: Response): Promise<void> {
    let text = ''
    const decoder = new TextDecoder()
    for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
      const events = (text + decoder.decode(part, { stream: true })).split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) {
        if (event.startsWith(':')) continue
        assert.match(event, /^data: \{.*\}$/)
        const candle = JSON.parse(event.slice('data: '.length)) as Candle
        mustFit({ $ref: '#/components/schemas/Kline' }, candle, 'a candle that came')
        this.candles.push(candle)
      }
    }
  }

  /** Waits for a candle that is like this. */
  async until(what: string, is: (candle: Candle) => boolean): Promise<Candle> {
    return eventually(what, () => this.candles.find(is))
  }

  leave(): void {
    this.#gone.abort()
  }
}

async function eventually<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  for (const end = Date.now() + 10_000; Date.now() < end; await pause(20)) {
    const found = await look()
    if (found) return found
  }
  throw new Error(`it did not come: ${what}`)
}

test('candles come as they are', async () => {
  await post(trade('LIVE', instant(0), 1, '100'))
  await post(trade('OTHER', instant(0), 1, '999'))
  const one = await Listener.open('LIVE')
  try {
    assert.deepEqual([one.status, one.type], [200, 'text/event-stream; charset=utf-8'])
    await one.until('the newest', ({ start, close }) => start.startsWith('2026-01-05T10:00:00') && close === '100.00000000')
    assert.equal(one.candles.length, 1)
    await post(trade('LIVE', instant(0, 30), 2, '101'))
    await one.until('one that is open and has changed', ({ close, closed }) => close === '101.00000000' && !closed)
    await post(trade('LIVE', instant(1, 10), 3, '102'))
    await one.until('one that was closed', ({ start, closed }) => start.startsWith('2026-01-05T10:00:00') && closed)
    await one.until('the one after it', ({ close }) => close === '102.00000000')
    // One that comes late changes what is closed.
    await post(trade('LIVE', instant(0, 40), 4, '103'))
    const revised = await one.until('one that was changed', ({ revision }) => revision === 1)
    assert.deepEqual([revised.close, revised.trades, revised.closed], ['103.00000000', 3, true])
    assert.ok(one.candles.every(({ close }) => close !== '999.00000000'))
    // Nothing more comes where nothing has changed.
    const before = one.candles.length
    await pause(1_500)
    assert.equal(one.candles.length, before)
  } finally {
    one.leave()
  }
})

test('nobody takes all places, and who leaves gives the place back', async () => {
  const path = '/klines/live?symbol=NONE&width=1m'
  const all: Listener[] = []
  try {
    for (let n = 0; n < FOLLOWERS_EACH_MAX; n++) all.push(await Listener.open('NONE'))
    assert.deepEqual(all.map(({ status }) => status), all.map(() => 200))
    const told = await service.ask('GET', path, { token: C42 })
    assert.deepEqual([told.status, told.body.type, told.headers.get('retry-after')], [429, '/docs#too-many', '1'])
    const other = await Listener.open('NONE', C77)
    assert.equal(other.status, 200)
    other.leave()
    all.pop()?.leave()
    await eventually('a place', async () => {
      const one = await Listener.open('NONE')
      all.push(one)
      return one.status === 200
    })
    // A head is answered, and takes no place.
    assert.equal((await fetch(service.running.url + path, { method: 'HEAD', headers: { authorization: `Bearer ${C42}` } })).status, 200)
  } finally {
    for (const one of all) one.leave()
  }
  // It is as well when the connection breaks.
  await new Promise<void>((resolve) => {
    const asked = get(service.running.url + path, { headers: { authorization: `Bearer ${C77}` } }, (answer) => {
      answer.on('error', () => {}).once('close', resolve).resume()
      answer.destroy()
    })
    asked.on('error', () => {})
  })
  assert.equal((await service.ask('GET', '/health')).status, 200)
})

test('a server that ends lets those go who follow, and what was taken is there', async () => {
  await post(trade('END', instant(0), 1, '100'))
  const one = await Listener.open('END')
  await one.until('the newest', ({ close }) => close === '100.00000000')
  const began = Date.now()
  assert.equal(await service.running.end('SIGTERM'), 0)
  assert.ok(Date.now() - began < 5_000, 'who follows holds it up')
  await eventually('the end', () => one.isOver)
  assert.doesNotMatch(service.running.log(), /Error/)
  // It is defined already, and stays as it is.
  await service.start()
  assert.equal((await klines('symbol=END&width=1m')).body.klines.length, 1)
  const again = await Listener.open('END')
  try {
    await again.until('the newest', ({ close }) => close === '100.00000000')
  } finally {
    again.leave()
  }
})
