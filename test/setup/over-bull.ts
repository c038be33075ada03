/** Runs before each file of the project "journeys-bull": every world of it rings through Redis. */
process.env.SIGNALBOX_TEST_REDIS = process.env.SIGNALBOX_TEST_REDIS_SERVER;
