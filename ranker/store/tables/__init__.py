"""Every table, explained in docs/DATA_MODEL.md; a test compares the two."""

from sqlmodel import SQLModel

from ranker.store.tables.evaluation import (
    Candidate,
    CandidateScore,
    EvalItem,
    EvalPrediction,
    EvalRun,
    EvalSet,
    Optimization,
)
from ranker.store.tables.exports import Export, ExportItem, ExportPreset
from ranker.store.tables.imports import (
    HeaderMapping,
    ImportBatch,
    ImportCompanyBefore,
    ImportFile,
    ImportLeadBefore,
    ImportRaw,
    ImportRow,
    ImportStage,
    MappingTemplate,
)
from ranker.store.tables.leads import Company, Counter, Lead, Review, Suppression
from ranker.store.tables.llm import AiCall, CacheEntry, ProviderState
from ranker.store.tables.outreach import (
    ApiUse,
    Prospect,
    ProspectAnalysis,
    Sequence,
    SequenceMessage,
    TonePreset,
)
from ranker.store.tables.personas import Persona, PersonaDraft, PersonaVersion, Variant
from ranker.store.tables.runs import Assessment, CurrentAssessment, Run
from ranker.store.tables.templates import Template, TemplateDraft, TemplateVersion
from ranker.store.tables.tombstones import Tombstone

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "AiCall",
    "ApiUse",
    "Assessment",
    "CacheEntry",
    "Candidate",
    "CandidateScore",
    "Company",
    "Counter",
    "CurrentAssessment",
    "EvalItem",
    "EvalPrediction",
    "EvalRun",
    "EvalSet",
    "Export",
    "ExportItem",
    "ExportPreset",
    "HeaderMapping",
    "ImportBatch",
    "ImportCompanyBefore",
    "ImportFile",
    "ImportLeadBefore",
    "ImportRaw",
    "ImportRow",
    "ImportStage",
    "Lead",
    "MappingTemplate",
    "Optimization",
    "Persona",
    "PersonaDraft",
    "PersonaVersion",
    "Prospect",
    "ProspectAnalysis",
    "ProviderState",
    "Review",
    "Run",
    "Sequence",
    "SequenceMessage",
    "Suppression",
    "Template",
    "TemplateDraft",
    "TemplateVersion",
    "Tombstone",
    "TonePreset",
    "Variant",
]
