//! Prints the JSON Schema of every type that crosses the border of a language, and the operations with their surfaces:
//! what the bindings' declarations are made of. `cargo xtask generate` calls it.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};
use thalium_host::api::party::{
    AccessPage, AccessQuery, GrantView, HolderView, PartyPage, PartyView, PersonalData, ReadData,
    RetentionView,
};
use thalium_host::api::rollup::{
    AdvanceRollup, ChangePage, ChangeQuery, CorrectTrade, DefineRollup, IngestReport, IngestTrades,
    KlinePage, KlineQuery, NamedRollup, RemoveTrade, RollupView, SymbolPage, SymbolQuery,
    TradeView,
};
use thalium_host::policy::Verdict;
use thalium_host::wire::{
    BackupReport, BallerineImport, BlnkReport, CODES, CallbackView, ChartCall, ChartFinding,
    ChartSession, ChartStep, ChartText, ChartView, Checked, DeviceCall, ExportTable, ImportBlnk,
    ImportTables, KycCall, MrzView, OPERATIONS, OpenChart, OpenOptions, OpenPolicy, PolicyCall,
    PolicyDiff, PolicyExplanation, PolicyFinding, PolicyTests, PolicyView, RestoreReport,
    RiskScore, Root, RowFilter, RulesImport, Stats, Submit, Task, VerifyReport,
};
use thalium_host::{
    AccountPage, AccountView, AdvanceCases, AssetView, BalanceHistoryPage, CaseLogPage,
    CaseLogQuery, CaseOutcome, CasePage, CaseQuery, CaseReport, CaseView, CasesAdvanced,
    CasesReplayed, ChangeCase, Command, DecideOnRecord, Decided, DecisionQuery, DefineCases,
    DeviceAccount, DeviceCase, DeviceHolds, DeviceStatement, DocumentCheck, DrawCase, DropPolicy,
    EntryView, FindParties, GetCase, HandInView, Health, HistoryPage, IntentView, KindView,
    LoadPolicy, LoadedPolicy, MakeTokens, MaskDigits, MigrationRehearsed, NamedPolicy, Outcome,
    PartyExport, Question, QueueView, RehearseMigration, ReplayDecisions, ReplayReport,
    ReportCases, SetStaff, StaffView, StatementView, SubjectKeysReport, SyncCall, SyncDone,
    SyncReply, TablesReport, TransferPage, TransferView, TrialBalanceView, VolumePage,
};

macro_rules! definitions {
    ($generator:ident: $($type:ty),* $(,)?) => { $($generator.subschema_for::<$type>();)* };
}

fn main() {
    let mut answers = SchemaSettings::draft2020_12().for_serialize().into_generator();
    definitions!(answers: Outcome, AssetView, AccountView, AccountPage, TransferView, TransferPage, EntryView, HistoryPage,
        StatementView, BalanceHistoryPage, VolumePage, TrialBalanceView, Health, Root, Checked, Stats, BackupReport, RestoreReport, VerifyReport, SyncReply, TablesReport, BlnkReport,
        PartyView, PartyPage, HolderView, GrantView, RetentionView, AccessPage, PersonalData, PartyExport, SubjectKeysReport,
        RollupView, IngestReport, TradeView, KlinePage, SymbolPage, ChangePage, Verdict, PolicyView, PolicyTests,
        LoadedPolicy, Decided, ReplayReport,
        PolicyExplanation, PolicyFinding, RowFilter, PolicyDiff,
        ChartView, ChartFinding, ChartText, ChartStep, ChartSession,
        KindView, StaffView, CaseOutcome, CasesAdvanced, CaseView, CasePage, QueueView, CaseLogPage, CaseReport, CasesReplayed, MigrationRehearsed,
        MrzView, CallbackView, RiskScore, BallerineImport, RulesImport);
    let mut device = SchemaSettings::draft2020_12().for_serialize().into_generator();
    definitions!(device: IntentView, DeviceAccount, DeviceHolds, DeviceStatement, SyncDone, DeviceCase, DocumentCheck, HandInView);
    let mut requests = SchemaSettings::draft2020_12().into_generator();
    definitions!(requests: Command, Question, Submit, SyncCall, Task, OpenOptions, DeviceCall, ExportTable, ImportTables, ImportBlnk,
        ReadData, FindParties, MakeTokens, MaskDigits, AccessQuery,
        DefineRollup, NamedRollup, IngestTrades, CorrectTrade, RemoveTrade, AdvanceRollup, KlineQuery, SymbolQuery, ChangeQuery,
        OpenPolicy, PolicyCall, LoadPolicy, NamedPolicy, DropPolicy, DecideOnRecord, DecisionQuery, ReplayDecisions,
        OpenChart, ChartCall, KycCall, RehearseMigration,
        DefineCases, SetStaff, ChangeCase, AdvanceCases, GetCase, CaseQuery, CaseLogQuery, ReportCases, DrawCase);
    let operations = OPERATIONS
        .iter()
        .map(|operation| json!({ "name": operation.name, "surface": operation.surface.name() }));
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "operations": operations.collect::<Vec<Value>>(),
        "codes": CODES.iter().map(|(code, about)| json!({ "code": code, "about": about })).collect::<Vec<Value>>(),
        "answers": answers.take_definitions(true),
        "device": device.take_definitions(true),
        "requests": requests.take_definitions(true),
    });
    println!("{schema:#}");
}
