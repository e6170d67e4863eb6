// The same module for `import`: one set of classes, however it is loaded.
import thalium from './dist/index.js'

export const {
  Accounts, Assets, BrokerView, Cases, Chart, ChartError, ClosedError, DamagedError, InvalidError, KeysError, LockedError, MissingError, Money, OccupiedError,
  Parties, Policy, PolicyError, PostOutcomes, ReadOnlyError, RefusedError, Rollups, SeenAccounts, SeenAssets, SeenBooks, SeenParties, SeenTransfers, StoppedError, Thalium, ThaliumError, Timestamp, Transfers, UndecidedError, authorize, authorizeHook, backup, codes, commands, currency, idempotencyHook,
  idempotencyKey, inspect, kyc, newId, newKey, operations, rehearse, restore, upgrade, verify, verifySync,
} = thalium
export default thalium
