@LV-36
Feature: An unknown lock is told as such

  Scenario: The status of a lock that does not exist
    When the status of an unknown lock is asked for
    Then the vendor answers that it is not found
