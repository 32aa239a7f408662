@LV-81
Feature: Unlocking a lock that is offline

  Scenario: A clear error in time
    Given a lock that is offline
    When the lock is unlocked
    Then the vendor says in time that the lock is offline

  Scenario: It does not open later
    Given a lock that is offline
    When the lock is unlocked
    And the lock comes back and the documented time for a command has passed
    Then the bolt is still thrown
