// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package conf

import "math"

// MaxParallelism is the largest number of subtasks of one operator and of key groups, as in Flink.
const MaxParallelism = 1 << 15

// Options of every job, whatever it was written in.
var (
	// ParallelismDefault is the number of subtasks of an operator that does not say otherwise.
	ParallelismDefault = intOption(Spec{
		Key: "parallelism.default", Default: "1", Min: 1, Max: MaxParallelism,
		Doc: "Number of parallel subtasks of each operator.",
	})
	// MaxParallelismOption is the number of key groups; -1 derives it from the parallelism.
	MaxParallelismOption = intOption(Spec{
		Key: "pipeline.max-parallelism", Default: "-1", Min: -1, Max: MaxParallelism,
		Doc: "Number of key groups: the most subtasks that keyed state can ever be spread over. -1 derives it from the parallelism.",
	})
	// PipelineName is the name of the job.
	PipelineName = stringOption(Spec{
		Key: "pipeline.name",
		Doc: "Name of the job in listings and in the paths of its checkpoints.",
	})
	// AutoWatermarkInterval is the time between two periodic watermarks of a source.
	AutoWatermarkInterval = durationOption(Spec{
		Key: "pipeline.auto-watermark-interval", Default: "200 ms",
		Doc: "Time between two periodic watermarks of a source.",
	})
	// OperatorChaining says whether operators that can run in one task do.
	OperatorChaining = boolOption(Spec{
		Key: "pipeline.operator-chaining.enabled", Default: "true",
		Doc: "Whether operators that follow each other without an exchange run in one task.",
	})
	// GlobalJobParameters are key-value pairs that user functions can read.
	GlobalJobParameters = mapOption(Spec{
		Key: "pipeline.global-job-parameters", Inert: true,
		Doc: "Key-value pairs that user functions can read.",
	})
	// BufferTimeoutEnabled says whether a batch that is not full is sent on after BufferTimeout.
	BufferTimeoutEnabled = boolOption(Spec{
		Key: "execution.buffer-timeout.enabled", Default: "true",
		Doc: "Whether rows that do not fill a batch are sent on after execution.buffer-timeout.interval.",
	})
	// BufferTimeout is the longest that rows wait for their batch to fill.
	BufferTimeout = durationOption(Spec{
		Key: "execution.buffer-timeout.interval", Default: "5 ms",
		Doc: "Longest time that rows wait for their batch to fill. Flink's default is 100 ms.",
	})
	// RuntimeMode is STREAMING, BATCH or AUTOMATIC.
	RuntimeMode = enumOption(Spec{
		Key: "execution.runtime-mode", Default: "STREAMING", Values: []string{"STREAMING", "BATCH", "AUTOMATIC"},
		Doc: "Whether a job runs for ever on small changes or once over bounded input.",
	})
	// RestartStrategy names what happens after a task failed.
	RestartStrategy = enumOption(Spec{
		Key: "restart-strategy.type", Inert: true,
		Values: []string{"none", "off", "disable", "fixed-delay", "fixeddelay", "exponential-delay", "exponentialdelay", "failure-rate", "failurerate"},
		Doc:    "What happens after a task failed: none, fixed-delay, exponential-delay or failure-rate. Unset: exponential-delay with checkpoints, none without.",
	})
	// FixedDelayAttempts is the number of restarts of the fixed-delay strategy.
	FixedDelayAttempts = intOption(Spec{
		Key: "restart-strategy.fixed-delay.attempts", Default: "1", Inert: true,
		Doc: "Number of restarts before the job fails.",
	})
	// FixedDelay is the wait before each restart of the fixed-delay strategy.
	FixedDelay = durationOption(Spec{
		Key: "restart-strategy.fixed-delay.delay", Default: "1 s", Inert: true,
		Doc: "Wait before each restart.",
	})
	// ExponentialDelayAttempts is the number of restarts of the exponential-delay strategy before the job fails.
	ExponentialDelayAttempts = intOption(Spec{
		Key: "restart-strategy.exponential-delay.attempts-before-reset-backoff", Default: "infinite", Inert: true,
		Words: map[string]int64{"infinite": math.MaxInt32},
		Doc:   "Number of restarts before the job fails, counted anew after a quiet time.",
	})
	// ExponentialDelayMultiplier is the factor by which the wait grows.
	ExponentialDelayMultiplier = doubleOption(Spec{
		Key: "restart-strategy.exponential-delay.backoff-multiplier", Default: "1.5", Inert: true,
		Doc: "Factor by which the wait before a restart grows.",
	})
	// ExponentialDelayInitial is the first wait.
	ExponentialDelayInitial = durationOption(Spec{
		Key: "restart-strategy.exponential-delay.initial-backoff", Default: "1 s", Inert: true,
		Doc: "Wait before the first restart.",
	})
	// ExponentialDelayJitter is the part of the wait that is random.
	ExponentialDelayJitter = doubleOption(Spec{
		Key: "restart-strategy.exponential-delay.jitter-factor", Default: "0.1", Inert: true,
		Doc: "Random part of the wait, as a fraction of it.",
	})
	// ExponentialDelayMax is the longest wait.
	ExponentialDelayMax = durationOption(Spec{
		Key: "restart-strategy.exponential-delay.max-backoff", Default: "1 min", Inert: true,
		Doc: "Longest wait before a restart.",
	})
	// ExponentialDelayReset is the quiet time after which the wait starts small again.
	ExponentialDelayReset = durationOption(Spec{
		Key: "restart-strategy.exponential-delay.reset-backoff-threshold", Default: "1 h", Inert: true,
		Doc: "Time without a failure after which the wait starts small again.",
	})
	// FailureRateDelay is the wait before each restart of the failure-rate strategy.
	FailureRateDelay = durationOption(Spec{
		Key: "restart-strategy.failure-rate.delay", Default: "1 s", Inert: true,
		Doc: "Wait before each restart.",
	})
	// FailureRateInterval is the time over which failures are counted.
	FailureRateInterval = durationOption(Spec{
		Key: "restart-strategy.failure-rate.failure-rate-interval", Default: "1 min", Inert: true,
		Doc: "Time over which failures are counted.",
	})
	// FailureRateMax is the number of failures in FailureRateInterval after which the job fails.
	FailureRateMax = intOption(Spec{
		Key: "restart-strategy.failure-rate.max-failures-per-interval", Default: "1", Inert: true,
		Doc: "Number of failures within the interval after which the job fails.",
	})
)

var jobOptions = []*Spec{
	ParallelismDefault.Spec, MaxParallelismOption.Spec, PipelineName.Spec, AutoWatermarkInterval.Spec, OperatorChaining.Spec,
	GlobalJobParameters.Spec, BufferTimeoutEnabled.Spec, BufferTimeout.Spec, RuntimeMode.Spec,
	RestartStrategy.Spec, FixedDelayAttempts.Spec, FixedDelay.Spec, ExponentialDelayAttempts.Spec,
	ExponentialDelayMultiplier.Spec, ExponentialDelayInitial.Spec, ExponentialDelayJitter.Spec, ExponentialDelayMax.Spec,
	ExponentialDelayReset.Spec, FailureRateDelay.Spec, FailureRateInterval.Spec, FailureRateMax.Spec,
}
