// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package conf

// Options of checkpoints, savepoints and where state lives.
var (
	// CheckpointInterval is the time between two checkpoints; unset is no checkpoints.
	CheckpointInterval = durationOption(Spec{
		Key: "execution.checkpointing.interval", Inert: true,
		Doc: "Time between the starts of two checkpoints. Unset means no checkpoints.",
	})
	// CheckpointMode is EXACTLY_ONCE or AT_LEAST_ONCE.
	CheckpointMode = enumOption(Spec{
		Key: "execution.checkpointing.mode", Default: "EXACTLY_ONCE", Values: []string{"EXACTLY_ONCE", "AT_LEAST_ONCE"}, Inert: true,
		Doc: "Whether state counts every row exactly once or, after a failure, at least once.",
	})
	// CheckpointTimeout is the longest that a checkpoint may take.
	CheckpointTimeout = durationOption(Spec{
		Key: "execution.checkpointing.timeout", Default: "10 min", Inert: true,
		Doc: "Longest time that a checkpoint may take before it is given up.",
	})
	// CheckpointMinPause is the least time between the end of a checkpoint and the start of the next.
	CheckpointMinPause = durationOption(Spec{
		Key: "execution.checkpointing.min-pause", Default: "0 ms", Inert: true,
		Doc: "Least time between the end of a checkpoint and the start of the next.",
	})
	// CheckpointMaxConcurrent is the most checkpoints that are under way at once.
	CheckpointMaxConcurrent = intOption(Spec{
		Key: "execution.checkpointing.max-concurrent-checkpoints", Default: "1", Inert: true,
		Doc: "Most checkpoints that are under way at once.",
	})
	// CheckpointTolerableFailures is the number of failed checkpoints in a row that do not fail the job.
	CheckpointTolerableFailures = intOption(Spec{
		Key: "execution.checkpointing.tolerable-failed-checkpoints", Default: "0", Inert: true,
		Doc: "Number of failed checkpoints in a row that do not fail the job.",
	})
	// CheckpointRetained is the number of completed checkpoints that are kept.
	CheckpointRetained = intOption(Spec{
		Key: "execution.checkpointing.num-retained", Default: "1", Inert: true,
		Doc: "Number of completed checkpoints that are kept.",
	})
	// CheckpointDir is the folder or URI that checkpoints go to.
	CheckpointDir = stringOption(Spec{
		Key: "execution.checkpointing.dir", Inert: true,
		Doc: "Folder or URI (file:///..., s3://...) that checkpoints go to. Unset keeps them in memory.",
	})
	// SavepointDir is the folder or URI that savepoints go to.
	SavepointDir = stringOption(Spec{
		Key: "execution.checkpointing.savepoint-dir", Inert: true,
		Doc: "Folder or URI that savepoints go to when their command names none.",
	})
	// CheckpointRetention says what becomes of checkpoints when a job is cancelled.
	CheckpointRetention = enumOption(Spec{
		Key: "execution.checkpointing.externalized-checkpoint-retention", Default: "NO_EXTERNALIZED_CHECKPOINTS",
		Values: []string{"DELETE_ON_CANCELLATION", "RETAIN_ON_CANCELLATION", "NO_EXTERNALIZED_CHECKPOINTS"}, Inert: true,
		Doc: "What becomes of checkpoints when a job is cancelled.",
	})
	// CheckpointUnaligned says whether barriers overtake rows.
	CheckpointUnaligned = boolOption(Spec{
		Key: "execution.checkpointing.unaligned.enabled", Default: "false", Inert: true,
		Doc: "Whether barriers overtake rows in flight, which are then part of the checkpoint.",
	})
	// CheckpointAlignedTimeout is the time after which an aligned checkpoint becomes unaligned.
	CheckpointAlignedTimeout = durationOption(Spec{
		Key: "execution.checkpointing.aligned-checkpoint-timeout", Default: "0 ms", Inert: true,
		Doc: "Time after which a checkpoint that started aligned goes on unaligned.",
	})
	// CheckpointIncremental is Flink's switch for incremental checkpoints; ours always are.
	CheckpointIncremental = boolOption(Spec{
		Key: "execution.checkpointing.incremental", Default: "false", Inert: true,
		Doc: "Flink's switch for incremental checkpoints. Here they always are.",
	})
	// CheckpointAfterFinish says whether checkpoints go on after some tasks finished.
	CheckpointAfterFinish = boolOption(Spec{
		Key: "execution.checkpointing.checkpoints-after-tasks-finish", Default: "true", Inert: true,
		Doc: "Whether checkpoints go on after some tasks have finished.",
	})
	// RecoveryPath is the checkpoint or savepoint that a job starts from.
	RecoveryPath = stringOption(Spec{
		Key: "execution.state-recovery.path", Inert: true,
		Doc: "Checkpoint or savepoint that a job starts from.",
	})
	// RecoveryClaimMode says who owns the files of the checkpoint or savepoint that a job started from.
	RecoveryClaimMode = enumOption(Spec{
		Key: "execution.state-recovery.claim-mode", Default: "NO_CLAIM", Values: []string{"CLAIM", "NO_CLAIM", "LEGACY"}, Inert: true,
		Doc: "Who owns the files of the checkpoint or savepoint that a job started from.",
	})
	// RecoveryIgnoreUnclaimed says whether stored state that the plan has no place for is left behind.
	RecoveryIgnoreUnclaimed = boolOption(Spec{
		Key: "execution.state-recovery.ignore-unclaimed-state", Default: "false", Inert: true,
		Doc: "Whether stored state that the plan has no place for is left behind instead of failing the start.",
	})
	// StateBackend is a preset of where state lives.
	StateBackend = enumOption(Spec{
		Key: "state.backend.type", Default: "hashmap", Values: []string{"hashmap", "rocksdb", "forst"}, Inert: true,
		Doc: "Where state lives: in memory (hashmap), on local disk (rocksdb) or on object storage (forst).",
	})
	// S3Endpoint is the address of the object store.
	S3Endpoint = stringOption(Spec{
		Key: "s3.endpoint", Inert: true,
		Doc: "Address of the S3 service. Unset takes AWS.",
	})
	// S3Region is the region of the object store.
	S3Region = stringOption(Spec{
		Key: "s3.region", Inert: true,
		Doc: "Region of the S3 service.",
	})
	// S3AccessKey is the public part of the credentials.
	S3AccessKey = stringOption(Spec{
		Key: "s3.access-key", Inert: true,
		Doc: "Access key. Unset takes the credentials chain of the environment.",
	})
	// S3SecretKey is the secret part of the credentials.
	S3SecretKey = stringOption(Spec{
		Key: "s3.secret-key", Inert: true,
		Doc: "Secret key that belongs to s3.access-key.",
	})
	// S3PathStyle says whether the bucket is part of the path instead of the host name.
	S3PathStyle = boolOption(Spec{
		Key: "s3.path.style.access", Default: "false", Inert: true,
		Doc: "Whether the bucket is part of the path instead of the host name.",
	})
)

var checkpointOptions = []*Spec{
	CheckpointInterval.Spec, CheckpointMode.Spec, CheckpointTimeout.Spec, CheckpointMinPause.Spec, CheckpointMaxConcurrent.Spec,
	CheckpointTolerableFailures.Spec, CheckpointRetained.Spec, CheckpointDir.Spec, SavepointDir.Spec, CheckpointRetention.Spec,
	CheckpointUnaligned.Spec, CheckpointAlignedTimeout.Spec, CheckpointIncremental.Spec, CheckpointAfterFinish.Spec,
	RecoveryPath.Spec, RecoveryClaimMode.Spec, RecoveryIgnoreUnclaimed.Spec, StateBackend.Spec,
	S3Endpoint.Spec, S3Region.Spec, S3AccessKey.Spec, S3SecretKey.Spec, S3PathStyle.Spec,
}
