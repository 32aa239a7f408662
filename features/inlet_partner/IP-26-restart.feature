@IP-26
Feature: Pending retries survive a restart

  Scenario: The partner's system is restarted while a retry is pending
    Given the partner's system can be restarted
    When it is restarted while a retry is pending
    Then the retry goes on, and exactly one access exists in the end
