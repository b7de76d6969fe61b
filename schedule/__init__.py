"""Schedule: crawls of every outlet when their time has come, by cron or as a service."""
