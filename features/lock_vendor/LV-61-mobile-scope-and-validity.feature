@LV-61
Feature: Mobile access opens inside its scope and validity only

  Scenario: Scope
    When mobile access is created for the next two hours
    Then the phone opens the lock
    And the phone does not open another lock

  Scenario: Validity
    When mobile access is created that starts in three hours
    Then the phone does not open the lock before its start
    And the phone opens the lock inside its window
    And the phone does not open the lock after its end
