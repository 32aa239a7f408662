@IP-26
Feature: Pending retries survive a restart

  Scenario: The partner's system is restarted while a retry is pending
    Given the partner's system can be restarted
    And the retry laboratory has run its course
    Then exactly one access of "the partner's system restarts meanwhile" exists in the end
