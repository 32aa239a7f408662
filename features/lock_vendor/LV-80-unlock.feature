@LV-80
Feature: A door is opened from afar

  Scenario: It opens and locks again by itself
    Given a working lock whose bolt is thrown
    When the lock is unlocked
    Then the bolt is drawn within the documented time
    And the bolt is thrown again by itself within the documented time
    And the status agrees that it is locked
