@LV-82
Feature: A door is held open for a period

  Scenario: For the whole period, and no longer
    Given a working lock whose bolt is thrown
    When the lock is held open for ten minutes
    Then the bolt is drawn within the documented time
    And the bolt stays drawn for the whole period
    And the hold ends by itself
