// A panic in any export becomes an error, and the process lives. Needs a build with the feature `test-hooks`.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { join, dirname } from 'node:path'

const native = require(join(dirname(require.resolve('thalium/package.json')), 'native.js')) as Record<string, any>
const hooked = typeof native.panicNext === 'function'

const COLUMNS = new native.NativeColumns()
const BUNDLE = '{"files":{"a.rego":"package a"}}'
const CHART = JSON.stringify({ text: '{chart: 1, id: a, states: {a: {}}}' })
let outcomes: any
let policy: any
let chart: any

before(async () => {
  const ledger = native.openMemory('{}')
  const accounts = ['a', 'b'].map((key) => ({ op: 'account', key, asset: 'ZAR' }))
  await ledger.submit(JSON.stringify({ op: 'submit', commands: accounts }))
  const columns = new native.NativeColumns()
  for (const [name, text] of [['key', 'p'], ['from', 'a'], ['to', 'b'], ['amount', '1']]) columns.texts(name, [text])
  outcomes = await ledger.postColumns(columns)
  policy = native.openPolicySync(BUNDLE)
  chart = native.openChartSync(CHART)
})

const EXPORTS: Record<string, (ledger: any) => unknown> = {
  call: (ledger) => ledger.call('{"op":"root"}'),
  submit: (ledger) => ledger.submit('{"op":"submit","commands":[]}'),
  postColumns: (ledger) => ledger.postColumns(COLUMNS),
  transferColumns: (ledger) => ledger.transferColumns('{}'),
  accountColumns: (ledger) => ledger.accountColumns(),
  close: (ledger) => ledger.close(),
  closeSync: (ledger) => ledger.closeSync(),
  buffer: () => COLUMNS.buffer('a', 'ids', new Uint8Array(16)),
  texts: () => COLUMNS.texts('a', ['b']),
  arrow: () => COLUMNS.arrow(new Uint8Array()),
  counts: () => outcomes.counts(),
  statuses: () => outcomes.statuses(),
  sequences: () => outcomes.sequences(),
  timestamps: () => outcomes.timestamps(),
  constructor: () => new native.NativeColumns(),
  open: () => native.open('memory:', '{}'),
  openMemory: () => native.openMemory('{}'),
  'policy.decide': () => policy.decide('a'),
  'policy.call': () => policy.call('{"op":"describe_policy"}'),
  'policy.callApart': () => policy.callApart('{"op":"test_policy"}'),
  openPolicy: () => native.openPolicy(BUNDLE),
  openPolicySync: () => native.openPolicySync(BUNDLE),
  'chart.call': () => chart.call('{"op":"describe_chart"}'),
  openChart: () => native.openChart(CHART),
  openChartSync: () => native.openChartSync(CHART),
  run: () => native.run('{"op":"verify","ledger":"x"}'),
  runSync: () => native.runSync('{"op":"verify","ledger":"x"}'),
  codes: () => native.codes(),
  operations: () => native.operations(),
  newId: () => native.newId(),
}

for (const [name, call] of Object.entries(EXPORTS)) {
  test(`a panic in ${name} is an error`, { skip: !hooked && 'the build has no test hooks' }, async () => {
    const ledger = native.openMemory('{}')
    native.panicNext()
    await assert.rejects(async () => call(ledger), (error: Error) => {
      assert.equal(JSON.parse(error.message).code, 'panicked')
      return true
    })
    assert.equal(JSON.parse((await ledger.call('{"op":"root"}'))[0]).events, 1)
  })
}

test('every export is made to panic', { skip: !hooked && 'the build has no test hooks' }, () => {
  const methods = [native.NativeLedger, native.NativeColumns, native.NativeOutcomes].flatMap((type) => Object.getOwnPropertyNames(type.prototype))
  const named = (of: string, type: any): string[] =>
    Object.getOwnPropertyNames(type.prototype).filter((name) => name !== 'constructor').map((name) => `${of}.${name}`)
  const functions = Object.keys(native).filter((name) => !name.startsWith('Native') && name !== 'panicNext')
  const names = new Set([...methods, ...functions, ...named('policy', native.NativePolicy), ...named('chart', native.NativeChart)])
  assert.deepEqual([...names].sort(), Object.keys(EXPORTS).sort())
})
