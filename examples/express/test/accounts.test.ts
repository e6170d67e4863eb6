// Accounts, what is read of them, devices, and who may do what.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readTokens } from '../src/auth.js'
import { C42, C77, OPERATOR, Service } from '../harness/service.js'

const service = new Service()
before(async () => {
  await service.start()
  await service.prepare()
})
after(() => service.stop())

test('an account is opened once', async () => {
  const asked = { token: C42, body: { customer: 'c42', asset: 'BTC' } }
  const opened = await service.ask('POST', '/accounts', asked)
  assert.deepEqual([opened.status, opened.body.key, opened.body.parent], [201, 'c42:BTC', 'customers:BTC'])
  assert.equal(opened.headers.get('location'), '/accounts/c42:BTC')
  assert.equal((await service.ask('POST', '/accounts', asked)).status, 200)
  const all = await service.ask('GET', '/customers/c42/accounts', { token: C42 })
  assert.deepEqual(all.body.accounts.map((one: { key: string }) => one.key), ['c42:ZAR', 'c42:BTC'])
  for (const [body, field] of [
    [{ customer: 'c42', asset: 'DOGE' }, 'asset'], [{ customer: 'bank', asset: 'ZAR' }, 'customer'], [{ customer: 'holds', asset: 'ZAR' }, 'customer'],
    [{ customer: 'c42:ZAR', asset: 'ZAR' }, 'customer'], [{ customer: 42, asset: 'ZAR' }, 'customer'], [{ asset: 'ZAR' }, 'customer'],
  ] as const) {
    const told = await service.ask('POST', '/accounts', { token: OPERATOR, body })
    assert.deepEqual([told.status, told.body.field], [400, field], JSON.stringify(body))
  }
})

test('statements, histories and their pages', async () => {
  for (const n of [1, 2, 3]) {
    await service.ask('POST', '/transfers', { token: C42, key: `t-${n}`, body: { from: 'c42:ZAR', to: 'c77:ZAR', amount: `${n}.00 ZAR` } })
  }
  const { body } = await service.ask('GET', '/accounts/c42:ZAR/statement', { token: C42 })
  assert.deepEqual([body.opening, body.entries.length, body.closing], ['0.00 ZAR', 4, '244.00 ZAR'])
  const before = await service.ask('GET', '/accounts/c42:ZAR/statement?from=2020-01-01&to=2020-12-31', { token: C42 })
  assert.deepEqual([before.body.entries, before.body.closing], [[], '0.00 ZAR'])
  const seen: string[] = []
  let after: number | undefined = 0
  while (after !== undefined) {
    const page = await service.ask('GET', `/accounts/c42:ZAR/history?limit=3&after=${after}`, { token: C42 })
    assert.ok(page.body.entries.length <= 3)
    seen.push(...page.body.entries.map((one: { transfer: string }) => one.transfer))
    after = page.body.next
  }
  assert.deepEqual(seen, ['dep/c42/first', 'tr/c42/t-1', 'tr/c42/t-2', 'tr/c42/t-3'])
  for (const query of ['history?limit=0', 'history?limit=1001', 'history?limit=x', 'history?after=-1', 'history?after=1&after=2', 'history?page=2',
    'holds?limit=0', 'holds?after=9007199254740993', 'statement?from=noon', 'statement?from=2026-02-01&to=2026-01-01', 'statement?limit=1']) {
    const told = await service.ask('GET', `/accounts/c42:ZAR/${query}`, { token: C42 })
    assert.deepEqual([told.status, typeof told.body.field], [400, 'string'], query)
  }
})

test('balances and volumes come in buckets of time', async () => {
  const ask = (what: string) => service.ask('GET', `/accounts/c42:ZAR/${what}`, { token: C42 })
  const { body: page } = await ask('balances?width=1h')
  const [first, last] = [page.buckets[0], page.buckets.at(-1)]
  assert.deepEqual([page.account, page.asset, first.open, last.close, last.available], ['c42:ZAR', 'ZAR', '0.00 ZAR', '244.00 ZAR', '244.00 ZAR'])
  const whole = (await ask(`balances?width=1M&from=${first.start}&zone=Africa/Johannesburg&limit=1000`)).body.buckets
  assert.equal(whole.reduce((sum: number, { entries }: { entries: number }) => sum + entries, 0), 4)
  const { body } = await ask('volumes?width=1w')
  assert.deepEqual([body.account, body.volumes[0].asset, body.volumes[0].code], ['c42:ZAR', 'ZAR', 1])
  assert.equal(body.volumes.reduce((sum: number, { transfers }: { transfers: number }) => sum + transfers, 0), 4)
  // The `next` of a page is the `from` of the next one.
  const seen: string[] = []
  let from = first.start
  while (from !== undefined) {
    const { body: part } = await ask(`balances?width=15m&from=${from}&limit=1`)
    seen.push(...part.buckets.map(({ close }: { close: string }) => close))
    from = part.next
  }
  assert.equal(seen.at(-1), '244.00 ZAR')
  for (const query of ['width=x', 'zone=Nowhere', 'from=noon', 'from=2026-02-01&to=2026-01-01', 'limit=0', 'limit=1001', 'code=1', 'width=1h&width=1d']) {
    for (const what of ['balances', 'volumes']) {
      const told = await ask(`${what}?${query}`)
      assert.deepEqual([told.status, typeof told.body.field], [400, 'string'], `${what} ${query}`)
    }
  }
})

test('holds come in pages', async () => {
  for (const n of [1, 2, 3]) await service.ask('POST', '/holds', { token: C77, key: `h-${n}`, body: { account: 'c77:ZAR', amount: '1.00 ZAR' } })
  const first = await service.ask('GET', '/accounts/c77:ZAR/holds?limit=2', { token: C77 })
  const rest = await service.ask('GET', `/accounts/c77:ZAR/holds?limit=2&after=${first.body.next}`, { token: C77 })
  const keys = [...first.body.transfers, ...rest.body.transfers].map((one: { key: string }) => one.key)
  assert.deepEqual([keys, rest.body.next], [['hold/c77/h-1', 'hold/c77/h-2', 'hold/c77/h-3'], undefined])
})

test('a device brings what was done offline, once', async () => {
  const intent = (key: string, from: string, amount: string, to = 'c77:ZAR'): object =>
    ({ made_at: '2026-01-05T10:01:30Z', command: { op: 'post', key, from, to, amount } })
  const body = {
    intents: [intent('d-1', 'c42:ZAR', '2.00'), intent('d-2', 'c77:ZAR', '1.00'), intent('d-3', 'c42:ZAR', '999.00'), intent('d-4', 'c42:ZAR', '1.00', 'bank:ZAR')],
    accounts: [{ account: 'c42:ZAR' }, { account: 'c77:ZAR' }],
  }
  const told = (await service.ask('POST', '/sync', { token: C42, body })).body
  const statuses = told.outcomes.map((one: any) => [one.key, one.outcome.status])
  assert.deepEqual(statuses, [['d-1', 'created'], ['d-2', 'not_permitted'], ['d-3', 'exceeds_credits'], ['d-4', 'not_permitted']])
  assert.deepEqual(told.accounts.map((one: any) => one.account.key), ['c42:ZAR'])
  assert.deepEqual(told.refused, ['c77:ZAR'])
  const again = (await service.ask('POST', '/sync', { token: C42, body })).body
  assert.ok(again.outcomes[0].outcome.replayed)
  assert.equal((await service.ask('POST', '/sync', { token: OPERATOR, body })).status, 403)
  for (const raw of ['{', '[]', '{"intent":[]}', '']) assert.equal((await service.ask('POST', '/sync', { token: C42, raw })).status, 400, raw)
  assert.equal((await service.ask('POST', '/sync', { token: C42, raw: `"${'x'.repeat(600_000)}"` })).status, 413)
})

test('everyone sees what is theirs', async () => {
  const parts = ['', '/statement', '/history', '/balances', '/volumes', '/holds']
  const paths = [...parts.map((part) => `/accounts/c42:ZAR${part}`), '/customers/c42/accounts']
  for (const path of paths) {
    for (const [token, status] of [[C42, 200], [OPERATOR, 200], [C77, 403], [undefined, 401], ['a-token-of-nobody-known', 401]] as const) {
      const told = await service.ask('GET', path, { token })
      assert.equal(told.status, status, `${path} ${token}`)
      if (status === 401) assert.equal(told.headers.get('www-authenticate'), 'Bearer')
    }
  }
  const { id } = (await service.ask('GET', '/accounts/c42:ZAR', { token: C42 })).body
  // Another's account has no second name under which it could be seen; the bank's is the operators'.
  for (const [token, account, status] of [
    [C77, id, 403], [OPERATOR, id, 404], [C42, 'bank:ZAR', 403], [OPERATOR, 'bank:ZAR', 200], [C42, 'c42:EUR', 404], [OPERATOR, 'none', 404],
  ] as const) {
    for (const rest of parts) {
      assert.equal((await service.ask('GET', `/accounts/${account}${rest}`, { token })).status, status, `${account}${rest}`)
    }
  }
  assert.equal((await service.ask('POST', '/accounts', { token: C77, body: { customer: 'c42', asset: 'USD' } })).status, 403)
})

test('bodies are bounded and read strictly', async () => {
  const ask = (raw: string, headers = {}) => service.ask('POST', '/accounts', { token: C42, raw, headers })
  assert.equal((await ask(JSON.stringify({ customer: 'c'.repeat(20_000) }))).status, 413)
  assert.equal((await ask('{"customer":')).status, 400)
  assert.equal((await ask('{}', { 'content-type': 'text/plain' })).status, 400)
  assert.equal((await ask('{}', { 'content-type': 'application/json; charset=x' })).status, 415)
  assert.equal((await service.ask('GET', '/accounts/%', { token: C42 })).status, 400)
  for (const [method, path] of [['GET', '/nowhere'], ['DELETE', '/accounts/c42:ZAR'], ['GET', '/deposits']] as const) {
    assert.equal((await fetch(service.running.url + path, { method, headers: { authorization: `Bearer ${C42}` } })).status, 404, path)
  }
})

test('health, figures and the page', async () => {
  assert.equal((await service.ask('GET', '/health')).body.condition, 'ready')
  const metrics = await service.ask('GET', '/metrics', { token: OPERATOR })
  assert.match(metrics.body, /thalium_commands_total\{.*# EOF\n$/s)
  assert.equal((await service.ask('GET', '/metrics', { token: C42 })).status, 403)
  const docs = await service.ask('GET', '/docs')
  assert.match(docs.body, /id="rejected"/)
  assert.doesNotMatch(docs.body, /(?:src=|@import|<script|<link)/)
})

test('tokens are read strictly', () => {
  const long = 'a-token-long-enough'
  for (const wrong of [
    { short: { customer: 'c1' } }, { [long]: {} }, { [long]: { customer: 'C 1' } }, { [long]: { customer: 'bank' } },
    { [long]: { customer: 'c1', operator: 'x' } }, { [long]: { admin: 'x' } }, { [long]: null },
  ]) {
    assert.throws(() => readTokens(JSON.stringify(wrong)), /tokens: /, JSON.stringify(wrong))
  }
})
