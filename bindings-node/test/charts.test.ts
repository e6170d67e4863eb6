// A chart in the hands of a Node programmer.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Chart, ChartError, type ChartStep, InvalidError, Money, RefusedError, ThaliumError, Timestamp, UndecidedError, codes, operations } from 'thalium'

const NOW = '2026-01-01T00:00:00Z'
const TEXT = `chart: 1
id: onboarding
description: What a customer goes through.
context: {asked: 0, amount: 0, seen: null}
schema: {type: object, properties: {asked: {type: integer, maximum: 1}}}
states:
  collecting:
    on:
      told: {actions: [{assign: {seen: {expr: event.data}}}, {effect: file, with: {seen: {expr: seen}}}]}
      submitted:
        - target: review
          guard: {"<": [{var: event.data.amount}, 18500]}
          actions: [{assign: {amount: {expr: event.data.amount}}}, {effect: screen, with: {amount: {expr: amount}, lists: [OFAC, UN]}}]
      again: {actions: [{assign: {asked: {expr: {"+": [{var: asked}, 1]}}}}]}
    after: {P30D: {target: expired, restore: remaining}}
  review: {on: {approved: approved}}
  approved: {type: final, description: A customer., output: {amount: {expr: amount}}}
  expired: {type: final, description: Nothing came.}
`
const chart = Chart.of(TEXT)
const begun = (): ChartStep => chart.start('case-1', undefined, { now: NOW })

test('a case goes its way', () => {
  let at = begun()
  assert.deepEqual([at.id, at.done, at.states, at.configuration, at.effects, at.trace], ['case-1', false, ['collecting'], ['collecting'], [], []])
  assert.deepEqual(at.data, { asked: 0, amount: 0, seen: null })
  assert.ok([at, at.states, at.pending, at.pending[0], at.effects].every(Object.isFrozen))

  // A guard that does not hold: nothing happens.
  at = chart.step(at, 'submitted', { amount: '18500.00' }, { now: NOW })
  assert.deepEqual(at.states, ['collecting'])
  at = chart.step(at, 'submitted', { amount: 18499.99 }, { now: NOW, trace: true })
  assert.deepEqual([at.states, at.pending], [['review'], []])
  assert.deepEqual(at.effects, [{
    kind: 'send', session: 'case-1', target: 'host', name: 'screen',
    data: { amount: 18499.99, lists: ['OFAC', 'UN'] }, dataText: '{"amount":18499.99,"lists":["OFAC","UN"]}',
  }])
  const [micro] = at.trace
  assert.deepEqual([micro?.event, micro?.exited, micro?.entered, micro?.guards[0]?.held], ['submitted', ['collecting'], ['review'], true])
  assert.deepEqual(micro?.guards[0]?.read.map(({ value }) => value), ['18499.99'])
  assert.ok(Object.isFrozen(at.trace) && Object.isFrozen(micro))

  // What was kept is as good as what was answered.
  const kept: string = at.session
  const again = Chart.of(TEXT)
  const { heard, effects, faults, trace, ...session } = at
  assert.deepEqual([heard, faults], [true, []])
  assert.deepEqual(again.session(kept), session)
  const done = again.step(kept, 'approved', undefined, { now: NOW })
  assert.deepEqual(done, chart.step(at, 'approved', undefined, { now: NOW }))
  assert.deepEqual([done.done, done.effects.map(({ kind, data }) => [kind, data])], [true, [['done', { amount: 18499.99 }]]])
})

test('a timer', () => {
  const at = begun()
  const [timer] = at.pending
  assert.deepEqual([timer?.session, timer?.event, timer?.restore], ['case-1', 'after.0.collecting', 'remaining'])
  assert.ok(timer!.due instanceof Timestamp)
  assert.equal(timer!.due.compare(Timestamp.parse('2026-01-31T00:00:00Z')), 0)
  const early = new Timestamp(timer!.due.nanoseconds - 1n)
  assert.deepEqual(chart.advance(at, { now: early }).states, ['collecting'])
  const expired = chart.advance(at, { now: timer!.due, trace: true })
  assert.deepEqual([expired.states, expired.done, expired.trace[0]?.event], [['expired'], true, 'after.0.collecting'])
  // It rested for ten days, and has as much time left as it had.
  const resumed = chart.resume(at.session, new Date('2026-01-10T00:00:00Z'), { now: '2026-01-20T00:00:00Z' })
  assert.equal(resumed.pending[0]?.due.toString(), '2026-02-10T00:00:00.000000000Z')
  assert.throws(() => chart.resume(at, 'noon', { now: NOW }), { code: 'invalid', field: 'suspended_at' })
  assert.throws(() => chart.resume(at, undefined as never), TypeError)
  // By the clock, where no instant is given.
  assert.ok(chart.start('case-2').pending[0]!.due.compare(Timestamp.from(new Date())) > 0)
  const cancelled = chart.cancel(at, { now: NOW })
  assert.deepEqual([cancelled.done, cancelled.pending], [true, []])
})

test('numbers are exact both ways', () => {
  const tell = (data: unknown): ChartStep => chart.step(begun(), 'told', data, { now: NOW })
  const seen = (data: unknown): unknown => (tell(data).data as { seen: unknown }).seen
  assert.deepEqual(seen([0, -1, 0.1, 19.99, 2 ** 53 - 1, 2n ** 53n + 1n, -(2n ** 127n)]), [0, -1, 0.1, 19.99, 9007199254740991, 2n ** 53n + 1n, -(2n ** 127n)])
  const at = tell({ big: 2n ** 70n })
  assert.equal(at.dataText, '{"amount":0,"asked":0,"seen":{"big":1180591620717411303424}}')
  assert.deepEqual(at.effects[0]?.data, { seen: { big: 2n ** 70n } })
  assert.equal(at.effects[0]?.dataText, '{"seen":{"big":1180591620717411303424}}')
  assert.deepEqual(seen({ money: Money.of('250.00', 'ZAR'), at: Timestamp.parse(NOW), not: undefined }), { money: '250.00 ZAR', at: '2026-01-01T00:00:00.000000000Z' })
  assert.equal(chart.start('a', { seen: 2n ** 64n, amount: 0.07 }, { now: NOW }).dataText, '{"amount":0.07,"asked":0,"seen":18446744073709551616}')
  // An exact comparison, a hundredth of a cent below.
  assert.deepEqual(chart.step(begun(), 'submitted', { amount: 18499.9999 }, { now: NOW }).states, ['review'])
  for (const wrong of [0.1 + 0.2, 2 ** 53, NaN, Infinity, -1e300]) assert.throws(() => seen({ n: [wrong] }), { name: 'RangeError', message: /^data\.n\[0\]: / })
  for (const wrong of [new Map(), () => 1, Buffer.from('x')]) assert.throws(() => seen({ n: wrong }), { name: 'TypeError', message: /^data\.n: / })
  const loop: Record<string, unknown> = {}
  loop.again = loop
  assert.throws(() => seen(loop), { code: 'invalid', field: 'data' })
})

test('what JavaScript cannot hold loses no session', () => {
  const thirds = Chart.of(`{chart: 1, id: thirds, context: {third: 0}, states: {a: {on: {go: {actions: [
    {assign: {third: {expr: {"/": [1, 3]}}}}, {effect: tell, with: {third: {expr: third}}}]}, end: b}}, b: {type: final}}}`)
  const at = thirds.step(thirds.start('a', undefined, { now: NOW }), 'go', undefined, { now: NOW })
  assert.throws(() => at.data, (error) => error instanceof UndecidedError && /0\.3333333.*dataText/.test(error.message))
  assert.throws(() => at.effects[0]?.data, { code: 'undecided' })
  assert.equal(at.dataText, `{"third":0.${'3'.repeat(34)}}`)
  assert.equal(at.effects[0]?.dataText, at.dataText)
  assert.deepEqual(at.states, ['a'])
  assert.deepEqual(thirds.step(at, 'end', undefined, { now: NOW }).states, ['b'])
  assert.equal(thirds.session(at.session).dataText, at.dataText)
})

test('an event that is refused leaves the session as it is', () => {
  const once = chart.step(begun(), 'again', undefined, { now: NOW })
  assert.throws(() => chart.step(once, 'again', undefined, { now: NOW }), (error) => {
    assert.ok(error instanceof RefusedError && error instanceof ThaliumError)
    assert.deepEqual([error.code, error.field, error.name], ['refused', 'data', 'RefusedError'])
    assert.match(error.message, /asked/)
    return true
  })
  assert.deepEqual(chart.session(once).data, { asked: 1, amount: 0, seen: null })
  const at = chart.step(once, 'submitted', { amount: 1 }, { now: NOW })
  assert.deepEqual(at.states, ['review'])
  const done = chart.step(at, 'approved', undefined, { now: NOW })
  assert.throws(() => chart.step(done, 'approved', undefined, { now: NOW }), { code: 'refused', field: undefined })
  assert.throws(() => chart.start('b', { asked: 2 }), { code: 'refused', field: 'data' })
  assert.throws(() => chart.step(at, 'approved', undefined, { to: 'nobody' }), RefusedError)
  // One that nothing waits for is none.
  assert.equal(chart.step(at, 'unheard', undefined, { now: NOW }).dataText, at.dataText)
})

test('services and charts below', () => {
  const person = '{chart: 1, id: person, context: {name: null}, states: {waiting: {on: {identified: known}}, known: {type: final, output: {name: {expr: name}}}}}'
  const company = Chart.of(`{chart: 1, id: company, context: {owner: null}, states: {
    asking: {type: parallel, states: {
      owner: {states: {open: {invoke: {id: owner, src: person, with: {name: ana}, onDone: {target: met, actions: [{assign: {owner: {expr: event.data.name}}}]}}}, met: {type: final}}},
      register: {states: {asked: {invoke: {id: register, type: companies-house, src: lookup, with: {number: "123"}, onDone: found}}, found: {type: final}}}}, done: complete},
    complete: {type: final}}}`, { charts: [person] })
  let at = company.start('co', undefined, { now: NOW })
  const [asked] = at.effects
  assert.deepEqual([asked?.kind, asked?.id, asked?.type, asked?.src, asked?.data], ['invoke', 'register', 'companies-house', 'lookup', { number: '123' }])
  at = company.step(at, 'identified', undefined, { to: 'co.0', now: NOW })
  assert.deepEqual(at.data, { owner: 'ana' })
  at = company.step(at, 'done.invoke.register', { name: 'ACME' }, { invokeId: 'register', now: NOW })
  assert.deepEqual([at.done, at.states], [true, ['complete']])
})

test('a guard asks a policy', () => {
  const text = '{chart: 1, id: asking, states: {wait: {on: {apply: [{target: open, guard: {rego: kyc/allowed}}, refused]}}, open: {type: final}, refused: {type: final}}}'
  const policy = { 'kyc/kyc.rego': 'package kyc\n\nallowed if input.event.data.amount < data.kyc.limit\n', 'kyc/data.json': { limit: 100.5 } }
  const asking = Chart.of(text, { policy })
  const apply = (amount: number): readonly string[] => asking.step(asking.start('a'), 'apply', { amount }).states
  assert.deepEqual([apply(100.49), apply(100.5)], [['open'], ['refused']])
  assert.throws(() => Chart.of(text), ChartError)
  assert.throws(() => Chart.of(text, { policy: { 'a.rego': 'package a\n\nx := \n' } }), { code: 'policy' })
  assert.throws(() => Chart.of(text, { policy, keys: [{ algorithm: 'HS256', key: 'a secret of the operators' }] }), { code: 'policy' })
  assert.throws(() => Chart.of(text, { keys: [] }), TypeError)
})

test('a chart tells of itself', () => {
  const { id, description, digest, states, variables, events } = chart.describe()
  assert.deepEqual([id, description, states], ['onboarding', 'What a customer goes through.', ['collecting', 'review', 'approved', 'expired']])
  assert.deepEqual([variables, events], [['asked', 'amount', 'seen'], ['again', 'approved', 'submitted', 'told']])
  assert.match(digest, /^[0-9a-f]{64}$/)
  assert.deepEqual(chart.lint(), [])
  const found = Chart.of('chart: 1\nid: x\nstates:\n  a: {}\n  b: {}\n').lint().find(({ rule }) => rule === 'unreachable-state')
  assert.deepEqual([found?.rule, found?.severity, found?.path, found?.row], ['unreachable-state', 'warning', 'states/b', 5])
  assert.ok(found?.message && found.hint)
  const waiting = Chart.of('chart: 1\nid: x\nstates:\n  a: {on: {document.late: b}}\n  b: {on: {go: a}}\n')
  const unknown = (outside?: string[]): number[] =>
    waiting.lint(outside && { outside }).filter(({ rule }) => rule === 'unknown-event').map(({ row }) => row)
  assert.deepEqual([unknown(), unknown(['document.*', 'go']), unknown(['go']), unknown([])], [[], [], [4], [4, 5]])
  assert.throws(() => chart.lint({ otuside: [] } as never), InvalidError)
  assert.match(chart.draw(), /^<svg/)
  assert.match(chart.draw({ format: 'mermaid' }), /^stateDiagram-v2/)
  assert.notEqual(chart.draw({ session: begun() }), chart.draw())
  assert.equal(chart.draw({ session: begun().session }), chart.draw({ session: begun() }))
  assert.equal(Chart.of(chart.write()).describe().digest, digest)
  assert.match(chart.write({ format: 'scxml' }), /^<\?xml[^]*<scxml/)
  assert.throws(() => chart.draw({ format: 'png' as never }), { code: 'invalid', field: 'format' })
  assert.throws(() => chart.write({ fromat: 'json' } as never), InvalidError)
})

test('a chart is opened from a file, or refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'thalium-chart-'))
  try {
    const file = join(folder, 'onboarding.yaml')
    writeFileSync(file, TEXT)
    assert.equal((await Chart.open(file)).describe().digest, chart.describe().digest)
    writeFileSync(file, 'chart: 1\nid: x\nstates: {a: {colour: red, on: {go: {gard: 1}}}}\n')
    await assert.rejects(Chart.open(file), (error) => {
      assert.ok(error instanceof ChartError)
      assert.deepEqual([error.code, error.name], ['chart', 'ChartError'])
      // All that is wrong, each with its place.
      assert.match(error.message, /3:\d+: states\/a\/colour[^]*gard/)
      return true
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
  await assert.rejects(Chart.open('/nowhere/at/all.yaml'), { code: 'io', field: 'path' })
  assert.throws(() => Chart.of('chart: 1\nid: x\nstates: {a: {on: {go: nowhere}}}\n'), ChartError)
  assert.throws(() => Chart.of(TEXT, { dialect: 'loose' as never }), { code: 'invalid', field: 'dialect' })
  assert.throws(() => Chart.of(TEXT, { colour: 'red' } as never), { code: 'invalid' })
  assert.deepEqual(Chart.of('{chart: 1, id: x, states: {a: {on: {go: {target: b, guard: {"==": [{var: event.data}, 1]}}}}, b: {}}}', { dialect: 'javascript' })
    .describe().states, ['a', 'b'])
  assert.ok(codes().has('chart') && codes().has('refused') && operations().get('step_session') === 'chart')
})

test('misuse is an error', async () => {
  await assert.rejects(Chart.open(5 as never), TypeError)
  for (const text of [undefined, null, 5, {}, Buffer.from(TEXT)]) assert.throws(() => Chart.of(text as never), TypeError)
  for (const wrong of [undefined, null, 5, {}, { session: 5 }]) {
    for (const call of [() => chart.step(wrong as never, 'x'), () => chart.advance(wrong as never), () => chart.session(wrong as never)]) {
      assert.throws(call, { name: 'TypeError', message: /^session: / })
    }
  }
  assert.throws(() => chart.start(undefined as never), TypeError)
  assert.throws(() => chart.step(begun(), undefined as never), TypeError)
  assert.throws(() => chart.step('none', 'x'), { code: 'invalid', field: 'session' })
  // A session of another version of the chart is none of this one.
  assert.throws(() => Chart.of(TEXT.replace('18500', '19000')).step(begun(), 'told'), { code: 'invalid', field: 'session' })
  assert.throws(() => chart.step(begun(), 'told', 1, { now: 'noon' }), { code: 'invalid', field: 'now' })
  assert.throws(() => chart.step(begun(), 'told', 1, { tarce: true } as never), { code: 'invalid' })
  assert.throws(() => chart.advance(begun(), { now: 0 as never }), TypeError)
})
