@LV-83
Feature: A door is brought back to normal

  Scenario: A hold ends at once
    Given a working lock whose bolt is thrown
    And the lock is being held open
    When the lock is returned to normal
    Then the bolt is thrown within the documented time
    And the status agrees that it is locked

  Scenario: A lock in its normal state
    Given a working lock whose bolt is thrown
    When the lock in its normal state is returned to normal
    Then nothing has changed at the lock
