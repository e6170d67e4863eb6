import { settle, settleSync } from './errors.js'
import { type KeySource, keysText } from './ledger.js'
import { native } from './native.js'
import { json, read } from './read.js'
import { type Instant, instantText } from './timestamp.js'
import type { BackupReport, RestoreReport, VerifyReport } from './types.js'

async function run(op: string, fields: object): Promise<unknown> {
  const [told] = await settle(() => native.run(json({ op, ...fields })))
  return JSON.parse(told)
}

/** Copies a ledger, or brings its copy up to date. The ledger may be written meanwhile. */
export async function backup(ledger: string, to: string, { keys }: { keys?: KeySource } = {}): Promise<BackupReport> {
  return read('BackupReport', await run('backup', { ledger, to, keys: keysText(keys) }))
}

/** Of what, and how, a ledger is restored. */
export interface RestoreOptions {
  /** Nothing that was asked for after this instant. */
  until?: Instant
  /** No more than the first so many events. */
  untilSize?: number
  /** The key of an encrypted backup. */
  keys?: KeySource
  /** Encrypts the new ledger under this key; by default that of the backup. */
  newKeys?: KeySource
  /** Leaves the new ledger unencrypted, though the backup is encrypted. */
  decrypt?: boolean
}

/** Makes a ledger from a backup in an empty directory, whole or as it was at some point, and verifies it. */
export async function restore(from: string, ledger: string, options: RestoreOptions = {}): Promise<RestoreReport> {
  const { until, untilSize, keys, newKeys, decrypt } = options
  const fields = { until: instantText(until, 'until'), until_size: untilSize, decrypt }
  return read('RestoreReport', await run('restore', { backup: from, ledger, ...fields, keys: keysText(keys), new_keys: keysText(newKeys) }))
}

/** Shows that a backup can be restored: restores it beside itself, verifies it, and removes that again. */
export async function rehearse(from: string, { keys }: { keys?: KeySource } = {}): Promise<RestoreReport> {
  return read('RestoreReport', await run('rehearse', { ledger: from, keys: keysText(keys) }))
}

/** Verifies a ledger that no one writes, or a backup, from its first byte. */
export async function verify(ledger: string, { keys }: { keys?: KeySource } = {}): Promise<VerifyReport> {
  return read('VerifyReport', await run('verify', { ledger, keys: keysText(keys) }))
}

/** As `verify`, at once. */
export function verifySync(ledger: string, { keys }: { keys?: KeySource } = {}): VerifyReport {
  const told = settleSync(() => native.runSync(json({ op: 'verify', ledger, keys: keysText(keys) })))
  return read('VerifyReport', JSON.parse(told))
}

/** Looks at the files of a ledger, whoever writes it: what each is and what is wrong with it. */
export async function inspect(ledger: string, { keys }: { keys?: KeySource } = {}): Promise<Record<string, unknown>> {
  return (await run('inspect', { ledger, keys: keysText(keys) })) as Record<string, unknown>
}

/** Brings the files of a ledger to the newest version of their formats; with `check` only names those of an older one. */
export async function upgrade(ledger: string, { check, keys }: { check?: boolean; keys?: KeySource } = {}): Promise<readonly string[]> {
  return Object.freeze((await run('upgrade', { ledger, check, keys: keysText(keys) })) as string[])
}

/**
 * Makes a key for encrypted ledgers in a file that is not there yet, or as `keystore:NAME` in the key store of the platform, and gives
 * its name. Keep a copy elsewhere.
 */
export async function newKey(file: string): Promise<string> {
  return (await run('new_key', { file })) as string
}
