@LV-01
Feature: The API is documented

  Scenario: The vendor names its documentation
    Then the vendor's statement names where its API is documented
